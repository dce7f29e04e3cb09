//! Whether somebody holds a role at this moment.
