//! Tells the makers of schemas what our names for foreign types stand for.

fn main() {
    #[cfg(feature = "openapi")]
    utoipa_config::Config::new()
        .alias_for("Instant", "DateTime<Utc>")
        .alias_for("Value", "serde_json::Value")
        .write_to_file();
}
