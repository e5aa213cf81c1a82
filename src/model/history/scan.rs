//! Finds resources in JSON, as fast as the bytes come.
//!
//! serde_json would build or skip every value with code for each type; a year of job runs is 100 MB,
//! of which the columns need a tenth. This pass only follows quotes and brackets, looks at the keys
//! of each resource, and remembers where its values are. It never fails: what is no JSON ends as a
//! [`Found::Broken`], and its neighbours are still found.
//!
//! It accepts what [`import`](crate::model::input::import) accepts: a list response, pages of it one after
//! the other or in a list, a plain list, and a resource to a line.

use std::ops::Range;

/// Where a value stands in the bytes that were scanned.
pub(crate) type ByteRange = Range<usize>;

/// The fields of a resource that columns are made of. An empty range is a field that is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The resource as a whole.
    pub all: ByteRange,
    // Texts, without their quotes and with their escapes.
    pub name: ByteRange,
    pub phase: ByteRange,
    pub job: ByteRange,
    pub created: ByteRange,
    pub started: ByteRange,
    pub ended: ByteRange,
    pub state: ByteRange,
    /// A rollout's target.
    pub target: ByteRange,
    /// The first failure cause anywhere in a variant.
    pub cause: ByteRange,
    /// The key of the variant: a field whose name ends in `JobRun` and that is an object.
    pub variant: ByteRange,
    /// Whether there is more than one.
    pub several_variants: bool,
}

/// What the scanner came upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An object that is no envelope of others.
    Resource(Fields),
    /// Something that cannot be read, or a value where a resource should be.
    Broken(ByteRange),
    /// Nothing more, until there are more bytes.
    Nothing,
}

/// The fields of a response that hold resources.
const LISTS: [&[u8]; 2] = [b"jobRuns", b"rollouts"];

/// Nested deeper than this is no list of resources any more.
const MOST_DEEP: usize = 64;

/// Where a scan stands. The bytes are the caller's: always the same ones, of which there may be more
/// each time.
#[derive(Clone, Debug, Default)]
pub struct Scanner {
    /// How far the bytes were read.
    at: usize,
    /// The lists and responses that the scanner is in.
    within: Vec<Within>,
    /// Do not look at an unfinished resource again before there are so many bytes: it could be large,
    /// and come in small pieces.
    wait_for: usize,
    /// The last `nextPageToken`, without its quotes.
    pub next_page_token: ByteRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    List,
    Response,
}

/// What became of an object.
enum Object {
    Resource(Fields),
    /// It is a response; its list begins at the offset.
    Response(usize),
    Unfinished,
    Broken,
}

impl Scanner {
    /// How far the bytes were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// Begins a document at an offset, whatever the one before left open.
    pub(crate) fn start_document(&mut self, at: usize) {
        self.at = at;
        self.within.clear();
        self.wait_for = 0;
    }

    /// The next resource. With `is_all`, no bytes will come any more, and what is unfinished is
    /// broken.
    pub fn next(&mut self, bytes: &[u8], is_all: bool) -> Found {
        if bytes.len() < self.wait_for && !is_all {
            return Found::Nothing;
        }
        loop {
            self.at = skip_space(bytes, self.at);
            let Some(&byte) = bytes.get(self.at) else {
                return Found::Nothing;
            };
            let found = match (byte, self.within.last().copied()) {
                // Between documents, and lenient within them.
                (b',', _) => {
                    self.at += 1;
                    None
                }
                (0xef, _) if self.at == 0 => {
                    // A byte order mark; what is not one is broken below.
                    match bytes {
                        [0xef, 0xbb, 0xbf, ..] => {
                            self.at = 3;
                            None
                        }
                        [0xef] | [0xef, 0xbb] if !is_all => return Found::Nothing,
                        _ => Some(self.skip_broken(bytes, is_all)),
                    }
                }
                (b']', Some(Within::List)) | (b'}', Some(Within::Response)) => {
                    self.within.pop();
                    self.at += 1;
                    None
                }
                (b'"', Some(Within::Response)) => self.member(bytes, is_all),
                (b'[', _) if self.within.len() < MOST_DEEP => {
                    self.within.push(Within::List);
                    self.at += 1;
                    None
                }
                (b'{', _) => self.object(bytes, is_all),
                _ => Some(self.skip_broken(bytes, is_all)),
            };
            match found {
                None => self.wait_for = 0,
                Some(Found::Nothing) => {
                    // Each look at what is unfinished may take as long as all looks before it.
                    self.wait_for = bytes.len() + (bytes.len() - self.at);
                    return Found::Nothing;
                }
                Some(found) => {
                    self.wait_for = 0;
                    return found;
                }
            }
        }
    }

    /// A key of a response and, unless it is a list, its value.
    fn member(&mut self, bytes: &[u8], is_all: bool) -> Option<Found> {
        let read = (|| {
            let (key, after) = string(bytes, self.at)?;
            let value = after_colon(bytes, after)?;
            if bytes.get(value) == Some(&b'[') && LISTS.contains(&&bytes[key.clone()]) {
                return Ok((key, value..value, true));
            }
            Ok((key, value..skip(bytes, value)?, false))
        })();
        match read {
            Ok((_, list, true)) => {
                self.within.push(Within::List);
                self.at = list.start + 1;
                None
            }
            Ok((key, value, _)) => {
                if &bytes[key] == b"nextPageToken" && bytes[value.start] == b'"' {
                    self.next_page_token = value.start + 1..value.end - 1;
                }
                self.at = value.end;
                None
            }
            Err(Stop::End) if !is_all => Some(Found::Nothing),
            Err(_) => Some(self.skip_broken(bytes, is_all)),
        }
    }

    fn object(&mut self, bytes: &[u8], is_all: bool) -> Option<Found> {
        match object(bytes, self.at, &mut self.next_page_token) {
            Object::Resource(fields) => {
                self.at = fields.all.end;
                Some(Found::Resource(fields))
            }
            Object::Response(list) => {
                self.within.extend([Within::Response, Within::List]);
                self.at = list;
                // Whatever is nested deeper is looked through by `skip`.
                (self.within.len() > MOST_DEEP + 2).then(|| self.skip_broken(bytes, is_all))
            }
            Object::Unfinished if !is_all => Some(Found::Nothing),
            Object::Unfinished | Object::Broken => Some(self.skip_broken(bytes, is_all)),
        }
    }

    /// Leaves out what cannot be read: a value with all that its brackets hold, or else what comes
    /// before the next comma, bracket or line.
    fn skip_broken(&mut self, bytes: &[u8], is_all: bool) -> Found {
        let from = self.at;
        let end = match skip(bytes, from) {
            Ok(end) => end.max(from + 1),
            Err(Stop::End) if !is_all => return Found::Nothing,
            Err(Stop::End) => bytes.len(),
            Err(Stop::Broken) => {
                let next = bytes[from + 1..]
                    .iter()
                    .position(|byte| b",[]{}\n".contains(byte));
                match next {
                    Some(next) => from + 1 + next,
                    None if is_all => bytes.len(),
                    // Where it ends must not depend on how the bytes came.
                    None => return Found::Nothing,
                }
            }
        };
        self.at = end;
        Found::Broken(from..end)
    }
}

/// Why reading stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    /// The bytes end before the value does.
    End,
    Broken,
}

/// Reads an object that begins at an offset.
fn object(bytes: &[u8], from: usize, token: &mut ByteRange) -> Object {
    match members(bytes, from, token) {
        Ok(object) => object,
        Err(Stop::End) => Object::Unfinished,
        Err(Stop::Broken) => Object::Broken,
    }
}

fn members(bytes: &[u8], from: usize, token: &mut ByteRange) -> Result<Object, Stop> {
    let mut fields = Fields::default();
    let mut at = skip_space(bytes, from + 1);
    if bytes.get(at) == Some(&b'}') {
        fields.all = from..at + 1;
        return Ok(Object::Resource(fields));
    }
    loop {
        let (key, after) = string(bytes, at)?;
        let value = after_colon(bytes, after)?;
        let first = *bytes.get(value).ok_or(Stop::End)?;
        if first == b'"' {
            let (text, end) = string(bytes, value)?;
            match &bytes[key] {
                b"name" => fields.name = text,
                b"phaseId" => fields.phase = text,
                b"jobId" => fields.job = text,
                b"createTime" => fields.created = text,
                b"startTime" => fields.started = text,
                b"endTime" => fields.ended = text,
                b"state" => fields.state = text,
                b"targetId" => fields.target = text,
                b"nextPageToken" => *token = text,
                _ => {}
            }
            at = end;
        } else if first == b'[' && LISTS.contains(&&bytes[key.clone()]) {
            return Ok(Object::Response(value + 1));
        } else if first == b'{' && bytes[key.clone()].ends_with(b"JobRun") {
            fields.several_variants |= !fields.variant.is_empty();
            fields.variant = key;
            at = variant(bytes, value, &mut fields.cause)?;
        } else {
            at = skip(bytes, value)?;
        }
        at = skip_space(bytes, at);
        match bytes.get(at) {
            Some(b',') => at = skip_space(bytes, at + 1),
            Some(b'}') => break,
            Some(_) => return Err(Stop::Broken),
            None => return Err(Stop::End),
        }
    }
    fields.all = from..at + 1;
    Ok(Object::Resource(fields))
}

/// Skips a variant, and looks for a failure cause in it, at whatever depth: that of a custom check
/// lies in a list.
fn variant(bytes: &[u8], from: usize, cause: &mut ByteRange) -> Result<usize, Stop> {
    nested(bytes, from, |text, end| {
        if cause.start != cause.end || text.len() != 12 || &bytes[text] != b"failureCause" {
            return Ok(end);
        }
        let colon = skip_space(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            return Ok(end);
        }
        let value = skip_space(bytes, colon + 1);
        if bytes.get(value) != Some(&b'"') {
            return Ok(end);
        }
        let (text, end) = string(bytes, value)?;
        if !bytes[text.clone()].ends_with(b"_UNSPECIFIED") {
            *cause = text;
        }
        Ok(end)
    })
}

/// The end of the object or list that begins at an offset. Brackets are counted, not matched: a value is
/// only looked at closely by whoever shows it. Each text in it, keys too, is given to `on_text` with its
/// end, which says where to go on.
#[inline]
fn nested(
    bytes: &[u8],
    from: usize,
    mut on_text: impl FnMut(ByteRange, usize) -> Result<usize, Stop>,
) -> Result<usize, Stop> {
    let mut depth = 0_usize;
    let mut at = from;
    loop {
        match *bytes.get(at).ok_or(Stop::End)? {
            b'"' => {
                let (text, end) = string(bytes, at)?;
                at = on_text(text, end)?;
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
            _ => at += 1,
        }
    }
}

/// The end of the value that begins at an offset.
fn skip(bytes: &[u8], from: usize) -> Result<usize, Stop> {
    match *bytes.get(from).ok_or(Stop::End)? {
        b'"' => string(bytes, from).map(|(_, end)| end),
        b'{' | b'[' => nested(bytes, from, |_, end| Ok(end)),
        b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
            let rest = &bytes[from..];
            let length = rest.iter().position(|byte| b",]} \t\r\n".contains(byte));
            // A number could go on in the bytes to come.
            length.map(|length| from + length).ok_or(Stop::End)
        }
        _ => Err(Stop::Broken),
    }
}

/// A text that begins at an offset: where it stands without its quotes, and where it ends with them.
#[inline(always)]
fn string(bytes: &[u8], from: usize) -> Result<(ByteRange, usize), Stop> {
    match bytes.get(from) {
        Some(b'"') => {}
        Some(_) => return Err(Stop::Broken),
        None => return Err(Stop::End),
    }
    let start = from + 1;
    let mut at = start;
    loop {
        at = quote_or_escape(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok((start..at, at + 1)),
            // Whatever is escaped, it is no end.
            Some(_) => at += 2,
            None => return Err(Stop::End),
        }
    }
}

/// The offset of the first `"` or `\` from an offset on; the end, when there is none.
#[inline(always)]
fn quote_or_escape(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    let mut at = from;
    // Eight at a time: a byte is zero when its high bit is set here (and no lower byte lies about it).
    while let Some(eight) = bytes.get(at..at + 8) {
        let word = u64::from_le_bytes(eight.try_into().unwrap_or_default());
        let quotes = word ^ (ONES * b'"' as u64);
        let escapes = word ^ (ONES * b'\\' as u64);
        let found =
            (quotes.wrapping_sub(ONES) & !quotes | escapes.wrapping_sub(ONES) & !escapes) & HIGHS;
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\') {
            break;
        }
        at += 1;
    }
    at
}

#[inline(always)]
fn skip_space(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = bytes.get(at) {
        at += 1;
    }
    at
}

#[inline(always)]
fn after_colon(bytes: &[u8], from: usize) -> Result<usize, Stop> {
    let at = skip_space(bytes, from);
    match bytes.get(at) {
        Some(b':') => Ok(skip_space(bytes, at + 1)),
        Some(_) => Err(Stop::Broken),
        None => Err(Stop::End),
    }
}
