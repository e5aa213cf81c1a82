//! The replies that the simulation's APIs share.

use crate::api::http::Reply;
use crate::api::reply::{JSON, error, error_info};

pub(crate) fn ok(body: String) -> Reply {
    Reply {
        status: 200,
        retry_after: None,
        content_type: JSON.to_owned(),
        body,
    }
}

pub(crate) fn invalid(message: &str) -> Reply {
    error(
        400,
        "INVALID_ARGUMENT",
        message,
        &error_info("INVALID_ARGUMENT", ""),
    )
}

pub(crate) fn precondition(message: &str, reason: &str) -> Reply {
    error(400, "FAILED_PRECONDITION", message, &error_info(reason, ""))
}

pub(crate) fn not_found(name: &str) -> Reply {
    error(
        404,
        "NOT_FOUND",
        &["Resource '", name, "' was not found"].concat(),
        &error_info("RESOURCE_NOT_FOUND", ""),
    )
}

/// What Google's front end answers for a path or method that no API has: a page for people.
pub(crate) fn no_such_method() -> Reply {
    Reply {
        status: 404,
        retry_after: None,
        content_type: "text/html; charset=UTF-8".to_owned(),
        body: "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n\
               <p><b>404.</b> <ins>That’s an error.</ins>\n\
               <p>The requested URL was not found on this server. <ins>That’s all we know.</ins>\n"
            .to_owned(),
    }
}
