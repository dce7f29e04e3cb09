//! All icons, on a grid of 20 units with strokes of 1.5. Colour comes from the text beside them.

use leptos::prelude::*;

macro_rules! icons {
    ($($(#[doc = $doc:literal])? $name:ident => $path:literal),* $(,)?) => {
        /// The name of an icon.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IconName { $($(#[doc = $doc])? $name),* }

        impl IconName {
            /// Every icon there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The strokes, in one path.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path),* }
            }
        }
    };
}

icons! {
    ArrowLeft => "M16 10H4.5M9 5.5 4.5 10 9 14.5",
    ArrowRight => "M4 10h11.5M11 5.5l4.5 4.5-4.5 4.5",
    Bell => "M10 3a4.5 4.5 0 0 0-4.5 4.5c0 3.6-1.4 4.9-1.9 5.6-.3.4 0 .9.4.9h12c.4 0 .7-.5.4-.9-.5-.7-1.9-2-1.9-5.6A4.5 4.5 0 0 0 10 3ZM8.3 16.5c.4.5 1 .8 1.7.8s1.3-.3 1.7-.8",
    Calendar => "M5 4.5h10A1.5 1.5 0 0 1 16.5 6v9a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V6A1.5 1.5 0 0 1 5 4.5ZM3.5 8.5h13M7 2.8v3M13 2.8v3",
    Check => "M4.5 10.5 8.3 14.3 15.5 6.3",
    ChevronDown => "M5.5 8 10 12.5 14.5 8",
    ChevronLeft => "M12 5.5 7.5 10l4.5 4.5",
    ChevronRight => "M8 5.5 12.5 10 8 14.5",
    ChevronUp => "M5.5 12 10 7.5l4.5 4.5",
    Clipboard => "M7.5 3.8H6A1.5 1.5 0 0 0 4.5 5.3v10A1.5 1.5 0 0 0 6 16.8h8a1.5 1.5 0 0 0 1.5-1.5v-10A1.5 1.5 0 0 0 14 3.8h-1.5M7.5 2.8h5v2.4h-5ZM7.4 11l1.9 1.9 3.4-3.7",
    Clock => "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 6v4.2l2.6 1.6",
    Cloud => "M6.2 15.3a3.4 3.4 0 0 1-.4-6.8 4.4 4.4 0 0 1 8.4.6 3.1 3.1 0 0 1-.3 6.2Z",
    Code => "M7 6 3 10l4 4M13 6l4 4-4 4",
    Copy => "M8.3 6.8h6.4a1.5 1.5 0 0 1 1.5 1.5v6.4a1.5 1.5 0 0 1-1.5 1.5H8.3a1.5 1.5 0 0 1-1.5-1.5V8.3a1.5 1.5 0 0 1 1.5-1.5ZM6.8 13.2H5.3a1.5 1.5 0 0 1-1.5-1.5V5.3a1.5 1.5 0 0 1 1.5-1.5h6.4a1.5 1.5 0 0 1 1.5 1.5v1.5",
    Cross => "M5.5 5.5l9 9M14.5 5.5l-9 9",
    Cylinder => "M4.5 5.5C4.5 4.1 7 3 10 3s5.5 1.1 5.5 2.5S13 8 10 8 4.5 6.9 4.5 5.5ZM4.5 5.5v9c0 1.4 2.5 2.5 5.5 2.5s5.5-1.1 5.5-2.5v-9M4.5 10c0 1.4 2.5 2.5 5.5 2.5s5.5-1.1 5.5-2.5",
    Document => "M11.5 3H6a1.5 1.5 0 0 0-1.5 1.5v11A1.5 1.5 0 0 0 6 17h8a1.5 1.5 0 0 0 1.5-1.5V7ZM11.5 3v4h4M7.5 10.3h3M7.5 13.3h5",
    Dots => "M4.5 10h.01M10 10h.01M15.5 10h.01",
    Download => "M10 3.5v9M6 9l4 4 4-4M4 16.5h12",
    Envelope => "M4.5 4.8h11A1.5 1.5 0 0 1 17 6.3v7.4a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 13.7V6.3a1.5 1.5 0 0 1 1.5-1.5ZM3.5 6.5 10 11l6.5-4.5",
    Eye => "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 7.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8Z",
    EyeOff => "M3.5 3.5l13 13M8.2 5.2C8.8 5.1 9.4 5 10 5c5 0 7.5 5 7.5 5a12 12 0 0 1-2 2.6M12.8 14.4A7 7 0 0 1 10 15c-5 0-7.5-5-7.5-5a12 12 0 0 1 3.1-3.6M8.3 8.3a2.4 2.4 0 0 0 3.4 3.4",
    Filter => "M3.5 6h13M6 10h8M8.5 14h3",
    Gauge => "M5.3 15.5a7 7 0 1 1 9.4 0M10 11l3-3.6",
    Group => "M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 16.5c.2-2.9 2.2-4.5 5-4.5s4.8 1.6 5 4.5M12.8 3.7a3 3 0 0 1 0 5.6M14.5 12.4c1.8.6 2.9 2 3 4.1",
    Help => "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM7.9 8.2c.2-1.3 1-2 2.2-2s2.1.8 2.1 1.9c0 1.6-2.1 1.7-2.1 3.3M10.1 13.8h.01",
    Hexagon => "M10 2.8 16.2 6.4v7.2L10 17.2 3.8 13.6V6.4ZM10 7.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8Z",
    Inbox => "M3.5 11v3.8A1.7 1.7 0 0 0 5.2 16.5h9.6a1.7 1.7 0 0 0 1.7-1.7V11h-3.7c-.3 1.3-1.4 2-2.8 2s-2.5-.7-2.8-2ZM3.5 11l1.6-3.5M16.5 11l-1.3-2.9M7.3 6.3l2.2 2.2 4.2-5",
    Info => "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM10 9.2v4.3M10 6.5h.01",
    Key => "M7 9.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM9.5 10.5 16.5 3.5M14 6l2 2",
    Laptop => "M5.5 4.5h9A1 1 0 0 1 15.5 5.5v7h-11v-7a1 1 0 0 1 1-1ZM2.8 15.5h14.4",
    Lightning => "M11 2.8 4.5 11.5h4.7L8.5 17.2 15.5 8.3h-4.8Z",
    List => "M7.5 5.5h9M7.5 10h9M7.5 14.5h9M3.8 5.5h.01M3.8 10h.01M3.8 14.5h.01",
    Lock => "M6 9h8a1.5 1.5 0 0 1 1.5 1.5v4.8a1.5 1.5 0 0 1-1.5 1.5H6a1.5 1.5 0 0 1-1.5-1.5v-4.8A1.5 1.5 0 0 1 6 9ZM7 9V6.5a3 3 0 0 1 6 0V9",
    Menu => "M3.5 5.5h13M3.5 10h13M3.5 14.5h13",
    Moon => "M16.3 11.8A6.8 6.8 0 0 1 8.2 3.7a6.8 6.8 0 1 0 8.1 8.1Z",
    Octagon => "M7.3 3.3h5.4l4 4v5.4l-4 4H7.3l-4-4V7.3ZM10 6.7v4M10 13.5h.01",
    Passkey => "M8 10a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 8 10ZM2.8 16.4c.3-2.6 2.2-4.1 5.2-4.1.8 0 1.5.1 2.1.3M14.8 8.6a2.3 2.3 0 1 1 0 4.6 2.3 2.3 0 0 1 0-4.6ZM14.8 13.2v4M14.8 15.3h1.5",
    Pencil => "M4 16l.8-3.4 8.4-8.4a1.5 1.5 0 0 1 2.1 0l.5.5a1.5 1.5 0 0 1 0 2.1l-8.4 8.4ZM11.7 5.7l2.6 2.6",
    Person => "M10 9.8a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 16.6c.3-2.8 2.5-4.5 6-4.5s5.7 1.7 6 4.5",
    PersonCheck => "M8.2 9.8a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM2.8 16.6c.3-2.8 2.3-4.5 5.4-4.5 1 0 1.9.2 2.6.5M12 14.6l1.8 1.8 3.4-3.8",
    Phone => "M7.3 3h5.4A1.3 1.3 0 0 1 14 4.3v11.4a1.3 1.3 0 0 1-1.3 1.3H7.3A1.3 1.3 0 0 1 6 15.7V4.3A1.3 1.3 0 0 1 7.3 3ZM9 14.5h2",
    /// The one filled icon.
    Pin => "M6.8 3.5h6.4l-.8 1.2v4l2 2.3v1H5.6v-1l2-2.3v-4ZM10 12v4.8",
    Plug => "M7 3v3.5M13 3v3.5M5 6.5h10v2.8a5 5 0 0 1-10 0ZM10 14.3V17",
    Plus => "M10 4.2v11.6M4.2 10h11.6",
    Refresh => "M16 8.5A6.2 6.2 0 0 0 4.9 6.6L3.8 8M3.8 4.3V8h3.7M4 11.5a6.2 6.2 0 0 0 11.1 1.9l1.1-1.4M16.2 15.7V12h-3.7",
    /// Three chevrons: roles.
    Roles => "M4.8 8 10 3.5 15.2 8M4.8 12.3 10 7.8l5.2 4.5M4.8 16.6 10 12.1l5.2 4.5",
    Search => "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM13 13l3.7 3.7",
    Shield => "M10 2.9 16 5v4.6c0 3.7-2.4 6.2-6 7.5-3.6-1.3-6-3.8-6-7.5V5Z",
    ShieldCheck => "M10 2.9 16 5v4.6c0 3.7-2.4 6.2-6 7.5-3.6-1.3-6-3.8-6-7.5V5ZM7.2 9.9l2 2 3.6-3.9",
    SignOut => "M8 3.5H5.5A1.5 1.5 0 0 0 4 5v10a1.5 1.5 0 0 0 1.5 1.5H8M8.5 10h8M13.3 6.5l3.5 3.5-3.5 3.5",
    Sliders => "M3 6h6.5M13.5 6H17M3 14h3.5M10.5 14H17M11.5 4a2 2 0 1 1 0 4 2 2 0 0 1 0-4ZM8.5 12a2 2 0 1 1 0 4 2 2 0 0 1 0-4Z",
    Sun => "M10 6.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4ZM10 2.5v1.6M10 15.9v1.6M2.5 10h1.6M15.9 10h1.6M4.7 4.7l1.1 1.1M14.2 14.2l1.1 1.1M15.3 4.7l-1.1 1.1M5.8 14.2l-1.1 1.1",
    Ticket => "M3 5.5h14v3a1.5 1.5 0 0 0 0 3v3H3v-3a1.5 1.5 0 0 0 0-3ZM8 8v4",
    Tree => "M8 3.2h4v3.6H8ZM3 13.2h4v3.6H3ZM13 13.2h4v3.6h-4ZM10 6.8V10M5 13.2V10h10v3.2",
    Warning => "M10 3.6 17.2 16H2.8ZM10 8.3v3.5M10 13.9h.01",
}

/// One icon. Without `title` it is hidden from assistive technology: a word must stand beside it.
#[component]
pub fn Icon(
    /// Which one.
    name: IconName,
    /// Width and height in pixels: 16 in lines, 18 in navigation, 22 in empty states.
    #[prop(default = 16)]
    size: u16,
    /// A name for assistive technology, where the icon stands alone.
    #[prop(optional, into)]
    title: Option<String>,
) -> impl IntoView {
    let solid = (name == IconName::Pin).then_some("solid");
    view! {
        <svg
            class="icon"
            width=size
            height=size
            viewBox="0 0 20 20"
            role=title.is_some().then_some("img")
            aria-label=title.clone()
            aria-hidden=title.is_none().then_some("true")
        >
            <path class=solid d=name.path()></path>
            {solid.map(|_| view! { <path d="M10 12v4.8"></path> })}
        </svg>
    }
    .into_any()
}
