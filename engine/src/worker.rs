//! What happens by itself: due ends, starts, lapses, announcements, deliveries, anchors.
