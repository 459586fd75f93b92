//! What is played: the lines, their troubles, and the people in the warehouse. Read from TOML, overridden by options, checked once.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use packtree::limits::{OBJECTS_MAX, OPERATION_OBJECTS_MAX, PACK_CHILDREN_MAX};
use serde::{Deserialize, Serialize};

use crate::setting::{Bounded, Rate, Share, Stops, Time};
use crate::site::LINES_MAX;

/// The profiles that come with the program, by name.
const BUILT_IN: [(&str, &str); 3] = [
    ("bottle", include_str!("../profiles/bottle.toml")),
    ("vial", include_str!("../profiles/vial.toml")),
    ("site", include_str!("../profiles/site.toml")),
];

/// Units that a pallet may hold: together with a reject and a replacement for each they are commissioned by one operation.
const PALLET_UNITS_MAX: u32 = OPERATION_OBJECTS_MAX as u32 / 3;

/// Whole pallets that may be asked for in a minute.
const QUERIES_MAX: u32 = 10_000_000;

/// People who sign in: each has the live feed open, for which a server has so many places.
const USERS_MAX: u32 = 64;

/// Children of a container: what one pack may name.
pub(crate) type Children = Bounded<1, { PACK_CHILDREN_MAX as u32 }>;

/// Lines of a site.
pub(crate) type Lines = Bounded<1, { LINES_MAX as u32 }>;

/// The lines of a site, all of a kind, and the warehouse behind them. Without a word about it, a line has no troubles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) lines: Lines,
    /// How fast each line runs.
    pub(crate) line: Rate,
    /// Units in a case.
    pub(crate) case: Children,
    /// Cases on a pallet.
    pub(crate) pallet: Children,
    /// Pallets of a lot.
    pub(crate) lot: Bounded<1, 1_000_000>,
    /// How long the lines run.
    pub(crate) r#for: Time,
    /// Share of the units that are replaced after they were packed.
    pub(crate) rework: Share,
    /// Share of the units that are rejected before they are packed; another one takes their place.
    pub(crate) reject: Share,
    /// Share of the cases after which something is sent that must be refused.
    pub(crate) malformed: Share,
    /// Share of the cases whose request is sent twice.
    pub(crate) retries: Share,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stops: Option<Stops>,
    pub(crate) warehouse: Warehouse,
}

/// What people do with finished pallets: at most one of these with each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Warehouse {
    /// Share of the pallets that are taken apart.
    pub(crate) r#break: Share,
    /// Share of the pallets from which cases are taken.
    pub(crate) take: Share,
    /// Share of the pallets that are counted; in every second one a case is missing.
    pub(crate) count: Share,
    /// Share of the pallets from which a unit is taken as a sample.
    pub(crate) sample: Share,
    /// Share of the pallets that are put on hold; every second one is released.
    pub(crate) hold: Share,
    /// Whole pallets that are asked for, a minute.
    pub(crate) queries: Bounded<0, QUERIES_MAX>,
    /// People with scanners who sign in at a server; where there is none, or no server, their work is done all the same.
    pub(crate) users: Bounded<0, USERS_MAX>,
    /// From one movement of their hands to the next, on average.
    pub(crate) pace: Time,
}

impl Default for Warehouse {
    fn default() -> Self {
        Self {
            r#break: Share::default(),
            take: Share::default(),
            count: Share::default(),
            sample: Share::default(),
            hold: Share::default(),
            queries: Bounded::new(0),
            users: Bounded::new(0),
            pace: Time::seconds(3),
        }
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            name: "plain".to_owned(),
            lines: Lines::new(1),
            line: Rate::nearest(300.0),
            case: Children::new(48),
            pallet: Children::new(40),
            lot: Bounded::new(50),
            r#for: Time::seconds(60),
            rework: Share::default(),
            reject: Share::default(),
            malformed: Share::default(),
            retries: Share::default(),
            stops: None,
            warehouse: Warehouse::default(),
        }
    }
}

impl Profile {
    /// Reads a built-in profile by its name, or a file.
    pub(crate) fn read(named: &str) -> Result<Self> {
        let text = match BUILT_IN.iter().find(|(name, _)| *name == named) {
            Some((_, text)) => (*text).to_owned(),
            None => std::fs::read_to_string(Path::new(named)).with_context(|| {
                format!("`{named}` is no profile: it is neither a file that can be read nor one of {}", Self::names())
            })?,
        };
        Self::parse(&text).with_context(|| format!("the profile {named} does not hold"))
    }

    /// The text of a built-in profile.
    pub(crate) fn built_in(named: &str) -> Result<&'static str> {
        let found = BUILT_IN.iter().find(|(name, _)| *name == named);
        found
            .map(|(_, text)| *text)
            .with_context(|| format!("there is no profile `{named}`; there are {}", Self::names()))
    }

    /// The names of the built-in profiles.
    pub(crate) fn names() -> String {
        BUILT_IN.map(|(name, _)| name).join(", ")
    }

    /// Reads the text of a profile.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        Ok(toml::from_str(text)?)
    }

    /// As it is written in a file.
    pub(crate) fn to_toml(&self) -> String {
        toml::to_string(self).expect("a profile is made of texts and numbers")
    }

    /// Units on a full pallet.
    pub(crate) fn pallet_units(&self) -> u32 {
        self.case.get() * self.pallet.get()
    }

    /// Refuses what no site can be: what single values cannot show.
    pub(crate) fn check(&self, is_paced: bool) -> Result<()> {
        let units = self.case.get().saturating_mul(self.pallet.get());
        ensure!(
            units <= PALLET_UNITS_MAX,
            "case = {} and pallet = {} make a pallet of {units} units; {PALLET_UNITS_MAX} are the most, because they are \
             commissioned together, each with a reject and a replacement",
            self.case,
            self.pallet,
        );
        let of_pallets = &self.warehouse;
        let shares = [of_pallets.r#break, of_pallets.take, of_pallets.count, of_pallets.sample, of_pallets.hold];
        if Share::ALL < shares.iter().map(|share| share.millionths()).sum() {
            bail!(
                "warehouse: break, take, count, sample and hold are shares of the pallets, at most one for each, and make more than 100%"
            );
        }
        let minutes = self.r#for.duration().as_secs_f64() / 60.0;
        let objects = minutes * f64::from(self.line.per_minute()) * f64::from(self.lines.get());
        ensure!(
            !is_paced || objects <= f64::from(OBJECTS_MAX),
            "{} lines with {} for {} make {objects:.0} units; an engine holds {OBJECTS_MAX} objects at most",
            self.lines,
            self.line,
            self.r#for,
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_profiles_are_whole_and_print_as_they_are_read() {
        for (name, _) in BUILT_IN {
            let profile = Profile::read(name).unwrap();
            profile.check(true).unwrap();
            assert_eq!(profile.name, name);
            assert_eq!(Profile::parse(&profile.to_toml()).unwrap(), profile);
        }
        assert_eq!(Profile::parse("").unwrap(), Profile::default());
    }

    #[test]
    fn what_is_wrong_in_a_file_is_told_with_its_line_and_field() {
        let check = |text: &str, parts: &[&str]| {
            let error = format!("{:#}", Profile::parse(text).unwrap_err());
            for part in parts {
                assert!(error.contains(part), "{part} is not in: {error}");
            }
        };
        check("lines = 2\nline = \"0upm\"\n", &["line 2", "line = \"0upm\"", "stands still"]);
        check("case = 25001\n", &["line 1", "case = 25001", "must be 1 to 25000"]);
        check("lines = -1\n", &["line 1", "must be 1 to 1000"]);
        check("\n\nfor = \"365d\"\n", &["line 3", "for = ", "a week"]);
        check("reject = \"101%\"\n", &["line 1", "0% to 100%"]);
        check("[warehouse]\nbreaks = \"1%\"\n", &["line 2", "unknown field `breaks`", "`break`"]);
        check("line = 300\n", &["line 1", "invalid type"]);
        check("line =\n", &["line 1"]);
    }

    #[test]
    fn what_single_values_cannot_show_is_refused() {
        let check = |text: &str, is_paced, part: &str| {
            let profile = Profile::parse(text).unwrap();
            match profile.check(is_paced) {
                Ok(()) => assert!(part.is_empty(), "{text} holds"),
                Err(error) => assert!(!part.is_empty() && error.to_string().contains(part), "{text}: {error}"),
            }
        };
        check("case = 25000\npallet = 1\n", true, "");
        check("case = 1000\npallet = 40\n", true, "a pallet of 40000 units");
        check("case = 25000\npallet = 25000\n", true, "a pallet of");
        check("[warehouse]\nbreak = \"60%\"\ntake = \"41%\"\n", true, "more than 100%");
        check("line = \"10000000upm\"\nlines = 100\nfor = \"1h\"\n", true, "an engine holds");
        check("line = \"10000000upm\"\nlines = 100\nfor = \"1h\"\n", false, "");
    }

    #[test]
    fn a_name_that_is_nothing_is_told_with_what_there_is() {
        let error = format!("{:#}", Profile::read("no-such-profile").unwrap_err());
        assert!(error.contains("bottle, vial, site"), "{error}");
    }
}
