//! The icons. Each meaning has one of its own, so that no meaning depends on colour alone.

use crate::api::job_run::State;

/// An icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Check,
    Cross,
    Play,
    Hourglass,
    Square,
    Question,
    Warning,
    Outward,
    Copy,
}

impl Icon {
    /// Returns the icon of a state.
    pub fn of(state: &State) -> Self {
        match state {
            State::Succeeded => Self::Check,
            State::Failed => Self::Cross,
            State::InProgress => Self::Play,
            State::Terminating => Self::Hourglass,
            State::Terminated => Self::Square,
            State::Unspecified | State::Unrecognized(_) => Self::Question,
        }
    }

    /// Returns the outline as SVG path data, in a box of 16 by 16, drawn with strokes.
    pub fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.5l3.2 3.2L13 5",
            Self::Cross => "M4 4l8 8M12 4l-8 8",
            Self::Play => "M5 3.5l7 4.5-7 4.5z",
            Self::Hourglass => {
                "M4 3h8M4 13h8M5 3c0 3 3 3.5 3 5s-3 2-3 5M11 3c0 3-3 3.5-3 5s3 2 3 5"
            }
            Self::Square => "M4.5 4.5h7v7h-7z",
            Self::Question => "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.7.4-1.1.8-1.1 1.6M8 12.4v.1",
            Self::Warning => "M8 2.5L14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1",
            Self::Outward => "M9 3h4v4M13 3L7.5 8.5M11 9.5V13H3V5h3.5",
            Self::Copy => "M6 6h7v7H6zM3 10V3h7",
        }
    }
}
