//! QR codes as the path of a drawing, so that no style and no image from elsewhere is needed.

use std::fmt::Write;

use domain::{Code, sign_in::Enrolment};
use qrcode::{Color, EcLevel, QrCode};

use super::Enrolling;
use crate::AppResult;

/// What an authenticator app needs, drawn.
pub(super) fn drawn(enrolment: Enrolment) -> AppResult<Enrolling> {
    let code =
        QrCode::with_error_correction_level(&enrolment.otpauth, EcLevel::M).map_err(|_| Code::Internal)?;
    let squares = code.width();
    Ok(Enrolling {
        drawing: path(&code.to_colors(), squares),
        squares: u32::try_from(squares).unwrap_or_default(),
        key: enrolment.key,
    })
}

/// One bar for each run of dark squares in a row.
fn path(squares: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in squares.chunks(width.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let length = run.len();
                // Writing to a string cannot fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_squares_become_bars() {
        use Color::{Dark as D, Light as L};
        assert_eq!(path(&[D, D, L, L, D, D, D, L, D], 3), "M0 0h2v1h-2zM1 1h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z");
    }

    #[test]
    fn an_address_of_an_authenticator_app_fits() {
        let otpauth = format!("otpauth://totp/Stint%20Halden:ada?secret={}&digits=6", "A".repeat(32));
        let drawn = drawn(Enrolment { otpauth, key: "AAAA AAAA".to_owned() }).unwrap();
        assert!(drawn.squares >= 21 && drawn.drawing.starts_with("M0 0h7"));
    }
}
