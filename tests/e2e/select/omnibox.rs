//! The box that takes a name, an address or JSON: on the start page, in the top bar and on pages
//! that have nothing to show.

use const_format::concatcp;

use super::{page, start};

pub const BOX: &str = ".open-box";
pub const FIELD: &str = concatcp!(BOX, " textarea");
pub const OPEN: &str = concatcp!(BOX, " button");
/// The note that tells how the input was understood.
pub const HINT: &str = ".open-box-said";
pub const UNDERSTOOD: &str = concatcp!(HINT, ".is-understood");
pub const PROBLEM: &str = ".open-box-problem";

pub const ON_START_PAGE: &str = concatcp!(start::PAGE, " ", FIELD);
pub const IN_TOP_BAR: &str = concatcp!(page::TOP_BAR, " ", FIELD);
pub const IN_MAIN: &str = concatcp!(page::MAIN, " ", FIELD);
pub const IN_NOTICE: &str = concatcp!(page::NOTICE_IN_MAIN, " ", BOX);
pub const HINT_IN_TOP_BAR: &str = concatcp!(page::TOP_BAR, " ", HINT);
pub const PROBLEM_IN_TOP_BAR: &str = concatcp!(page::TOP_BAR, " ", PROBLEM);
pub const INVALID: &str = concatcp!(IN_TOP_BAR, "[aria-invalid=true]");
pub const VALID: &str = concatcp!(IN_TOP_BAR, "[aria-invalid=false]");
