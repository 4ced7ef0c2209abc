//! Paths as a service reads them that decodes `%2F` before it looks for a route: `{Project%2F}` holds several
//! segments there.

/// A path of a catalogue, in lower case, with at least one parameter that may hold slashes.
#[derive(Debug)]
pub(super) struct Span(Vec<Segment>);

#[derive(Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    /// One segment.
    Parameter,
    /// One or more.
    Parameters,
}

impl Span {
    /// `None` for a path without such a parameter.
    pub fn of(path: &str) -> Option<Self> {
        let segments: Vec<Segment> = path
            .split('/')
            .map(|segment| match segment.strip_prefix('{') {
                Some(rest) if rest.ends_with("%2f}") => Segment::Parameters,
                Some(_) => Segment::Parameter,
                None => Segment::Literal(segment.to_owned()),
            })
            .collect();
        segments.contains(&Segment::Parameters).then_some(Self(segments))
    }

    /// Whether a decoded path in lower case can be read as this one.
    pub fn holds(&self, path: &str) -> bool {
        let given: Vec<&str> = path.split('/').collect();
        // How many of the given segments the segments so far can take.
        let mut taken = vec![true];
        taken.resize(given.len() + 1, false);
        for segment in &self.0 {
            let mut next = vec![false; taken.len()];
            for at in 0..given.len() {
                let continues = *segment == Segment::Parameters && next[at];
                let fits = match segment {
                    Segment::Literal(text) => text == given[at],
                    Segment::Parameter | Segment::Parameters => !given[at].is_empty(),
                };
                next[at + 1] = fits && (taken[at] || continues);
            }
            taken = next;
        }
        taken[given.len()]
    }

    /// How many of its segments are no parameters: routers try paths with more of them first.
    pub fn count_literals(&self) -> usize {
        self.0.iter().filter(|segment| matches!(segment, Segment::Literal(_))).count()
    }
}
