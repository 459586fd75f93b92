//! A site with a pallet of two cases of two units, and everybody who may work there.

use std::collections::BTreeMap;

use packtree_server::serve::Settings;
use serde_json::{Value, json};

use crate::support::{Answer, Credentials, Server};

pub(crate) const PALLET: &str = "(00)095212345000000018";
pub(crate) const CASES: [&str; 2] = ["(00)095212345000000025", "(00)095212345000000032"];

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) everybody: BTreeMap<&'static str, Credentials>,
}

/// The unit with a number.
pub(crate) fn unit(number: u32) -> String {
    format!("(01)09521234543213(21)A00{number}")
}

/// An identifier as a path has it.
pub(crate) fn in_path(id: &str) -> String {
    id.replace('(', "%28").replace(')', "%29")
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let server = Server::start_with(settings, |_| {});
        let everybody = server.everybody();
        let world = Self { server, everybody };
        let lot = json!({"number": "L1", "expiry": "2028-02-29"});
        let units: Vec<String> = (1..=5).map(unit).collect();
        for operation in [
            json!({"type": "commission", "objects": [PALLET], "level": "pallet"}),
            json!({"type": "commission", "objects": CASES, "level": "case"}),
            json!({"type": "commission", "objects": units, "level": "unit", "lot": lot}),
            json!({"type": "pack", "parent": CASES[0], "children": units[..2]}),
            json!({"type": "pack", "parent": CASES[1], "children": units[2..4]}),
            json!({"type": "pack", "parent": PALLET, "children": CASES}),
        ] {
            world.operate("machine", &json!({ "operation": operation })).expect(200);
        }
        world
    }

    pub(crate) fn post(&self, who: &str, path: &str, body: &Value) -> Answer {
        self.server.send("POST", path, &self.everybody[who].headers(), Some(body))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.server.send("GET", path, &self.everybody["auditor"].headers(), None)
    }

    pub(crate) fn operate(&self, who: &str, request: &Value) -> Answer {
        self.post(who, "/v1/operations", request)
    }
}
