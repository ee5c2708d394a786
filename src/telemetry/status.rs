//! gRPC status codes by name, and which of them are the server's fault.

/// The status of a call, as in the `grpc-status` trailer ([list][codes]).
///
/// [codes]: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RpcStatus(u8);

const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

impl RpcStatus {
    /// Everything went well.
    pub const OK: Self = Self(0);
    /// The caller hung up.
    pub const CANCELLED: Self = Self(1);
    /// No status, or one that gRPC does not have.
    pub const UNKNOWN: Self = Self(2);
    /// The deadline passed.
    pub const DEADLINE_EXCEEDED: Self = Self(4);
    /// The caller may not do this.
    pub const PERMISSION_DENIED: Self = Self(7);
    /// No such method.
    pub const UNIMPLEMENTED: Self = Self(12);
    /// A fault of the server.
    pub const INTERNAL: Self = Self(13);
    /// Not now.
    pub const UNAVAILABLE: Self = Self(14);
    /// Bytes were lost.
    pub const DATA_LOSS: Self = Self(15);
    /// The caller is not known.
    pub const UNAUTHENTICATED: Self = Self(16);

    /// The status with this number; [`UNKNOWN`](Self::UNKNOWN) if gRPC has none.
    pub fn from_code(code: i32) -> Self {
        match u8::try_from(code) {
            Ok(code) if usize::from(code) < NAMES.len() => Self(code),
            _ => Self::UNKNOWN,
        }
    }

    /// What an HTTP answer without a gRPC status means to a gRPC client ([table][map]).
    ///
    /// [map]: https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md
    pub fn from_http(status: u16) -> Self {
        match status {
            400 => Self::INTERNAL,
            401 => Self::UNAUTHENTICATED,
            403 => Self::PERMISSION_DENIED,
            404 => Self::UNIMPLEMENTED,
            429 | 502 | 503 | 504 => Self::UNAVAILABLE,
            _ => Self::UNKNOWN,
        }
    }

    /// The name, such as `DEADLINE_EXCEEDED`.
    pub fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("UNKNOWN")
    }

    /// Whether a server span with this status counts as failed: the caller's mistakes and hang-ups do not
    /// ([conventions][rpc]).
    ///
    /// [rpc]: https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
    pub fn is_server_fault(self) -> bool {
        [
            Self::UNKNOWN,
            Self::DEADLINE_EXCEEDED,
            Self::UNIMPLEMENTED,
            Self::INTERNAL,
            Self::UNAVAILABLE,
            Self::DATA_LOSS,
        ]
        .contains(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::RpcStatus;

    #[test]
    fn a_number_outside_of_grpc_is_unknown() {
        assert_eq!(RpcStatus::from_code(16).name(), "UNAUTHENTICATED");
        assert_eq!(RpcStatus::from_code(17), RpcStatus::UNKNOWN);
        assert_eq!(RpcStatus::from_code(-1), RpcStatus::UNKNOWN);
        assert_eq!(RpcStatus::from_code(256), RpcStatus::UNKNOWN);
    }

    #[test]
    fn the_server_is_not_to_blame_for_callers() {
        let blamed: Vec<_> =
            (0..17).map(RpcStatus::from_code).filter(|status| status.is_server_fault()).map(RpcStatus::name).collect();
        assert_eq!(
            blamed,
            ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"],
            "the list of the conventions"
        );
    }
}
