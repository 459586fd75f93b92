//! Names every problem that is no refusal by the rules once; the table in `docs/http.md` and the page `/docs/problems` follow from it.

use axum::http::StatusCode;

macro_rules! codes {
    ($( $status:ident { $( $name:ident $word:literal $meaning:literal )* } )*) => {
        /// Why a request is not answered as asked, where the rules did not say no.
        ///
        /// The names are part of the interface: programs branch on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Code {
            $($(
                #[doc = $meaning]
                $name,
            )*)*
        }

        impl Code {
            /// Every code, by status.
            pub const ALL: &'static [Self] = &[$($( Self::$name, )*)*];

            /// The stable name.
            pub const fn word(self) -> &'static str {
                match self { $($( Self::$name => $word, )*)* }
            }

            /// The HTTP status that it comes with.
            pub const fn status(self) -> StatusCode {
                match self { $($( Self::$name => StatusCode::$status, )*)* }
            }

            /// When it is answered, in plain words.
            pub const fn meaning(self) -> &'static str {
                match self { $($( Self::$name => $meaning, )*)* }
            }
        }
    };
}

codes! {
    BAD_REQUEST {
        Malformed "malformed" "The request, its path or its query cannot be understood."
        NotAnSscc "not_an_sscc" "Only an SSCC gets a logistic label."
        PasswordUnfit "password_unfit" "The new password is too short, too long or too well known."
    }
    UNAUTHORIZED {
        CredentialsRequired "credentials_required" "Nobody is signed in and no key was sent."
        WrongCredentials "wrong_credentials" "The name, the password or the key is wrong, or no longer valid."
    }
    FORBIDDEN {
        RoleNotAllowed "role_not_allowed" "The role of whoever asks may not do this."
        StationNotAllowed "station_not_allowed" "Whoever asks may not work at this station."
        SignatureWrong "signature_wrong" "The name or the password of a signature is wrong; nothing was done."
        PasswordWrong "password_wrong" "The old password is wrong; the password was not changed."
        Csrf "csrf" "A change with a session's cookie lacks the session's header X-Packtree-Csrf."
        OtherOrigin "other_origin" "A browser says that the request comes from another site."
        WrongSetupToken "wrong_setup_token" "The token for the first administrator is wrong or was used."
    }
    NOT_FOUND {
        NotFound "not_found" "There is no such address, user or key."
        ObjectNotFound "object_not_found" "The object was never commissioned here."
        LotNotFound "lot_not_found" "No object of this lot was ever commissioned here."
        FactNotFound "fact_not_found" "There is no fact with this number yet."
        PrinterNotFound "printer_not_found" "The settings name no such printer."
    }
    METHOD_NOT_ALLOWED {
        MethodNotAllowed "method_not_allowed" "The address is not used with this method."
    }
    CONFLICT {
        NameTaken "name_taken" "A user or a key has this name already."
        LastAdministrator "last_administrator" "The site would be left without an administrator."
        CannotBeUndone "cannot_be_undone" "Something newer stands on it, or it is final."
    }
    PAYLOAD_TOO_LARGE {
        BodyTooLarge "body_too_large" "The body has more bytes than this address takes."
    }
    UNSUPPORTED_MEDIA_TYPE {
        MediaType "media_type" "The body is not of the kind that this address takes, or does not say of which it is."
    }
    PRECONDITION_REQUIRED {
        SignatureRequired "signature_required" "Somebody who may decide it must sign."
    }
    TOO_MANY_REQUESTS {
        TooManyFailures "too_many_failures" "There were too many wrong passwords; Retry-After says how long to wait."
        Crowded "crowded" "Too many passwords are being checked; Retry-After says how long to wait."
    }
    INTERNAL_SERVER_ERROR {
        Unreadable "unreadable" "What is on the disk cannot be read."
        CheckpointFailed "checkpoint_failed" "No checkpoint can be written; operations go on, and the next start is slower."
        Defect "defect" "The server failed at what it should be able to do; its log says more."
    }
    BAD_GATEWAY {
        PrinterFailed "printer_failed" "The printer cannot be reached, or took only a part of the label."
    }
    SERVICE_UNAVAILABLE {
        Busy "busy" "There is more to do than is taken on at the same time; nothing was done. Retry-After says how long to wait."
        TooSlow "too_slow" "It took too long, and may or may not have been done: send it again with the same request id."
        Stopping "stopping" "The server is being stopped; nothing was done."
        Stopped "stopped" "The engine ended by a defect and takes no operations; start the server again."
        Poisoned "poisoned" "The disk failed, so that nothing more can be made durable; what was acknowledged is."
        DiskLow "disk_low" "The disk of the data directory is nearly full; only /readyz answers this."
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_are_unique() {
        let words: HashSet<_> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), Code::ALL.len());
    }

    #[test]
    fn the_documentation_lists_every_code() {
        let http = include_str!("../../docs/http.md");
        for code in Code::ALL {
            let row = format!("| {} | `{}` | {} |", code.status().as_u16(), code.word(), code.meaning());
            assert!(http.contains(&row), "docs/http.md lacks this row, exactly:\n{row}");
        }
        let is_row = |line: &&str| line.starts_with("| ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_digit);
        let rows = http.lines().filter(is_row).count();
        assert_eq!(rows, Code::ALL.len(), "docs/http.md lists a code that the program does not have");
    }
}
