//! The one retry that a Rust client owes itself.

use std::future::Future;

use tonic::Code;
use tonic::Response;
use tonic::Status;

use super::Failure;

/// Makes a call, and once more if the connection turned out to be on its way out: a server that retires a connection
/// (GOAWAY, as for `max_connection_age`) lets the next call on it fail here, before the server has seen it.
pub(super) async fn call<T, F>(mut attempt: impl FnMut() -> F) -> Result<Response<T>, Failure>
where
    F: Future<Output = Result<Response<T>, Status>>,
{
    match attempt().await {
        Err(status) if was_never_sent(&status) => attempt().await,
        answer => answer,
    }
    .map_err(|status| Failure::from_status(&status))
}

/// A server's own `CANCELLED` has another message.
fn was_never_sent(status: &Status) -> bool {
    status.code() == Code::Cancelled && status.message() == "operation was canceled"
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tonic::Response;
    use tonic::Status;

    use super::call;

    async fn calls_made(answers: impl Fn(usize) -> Result<(), Status>) -> (usize, bool) {
        let made = Cell::new(0);
        let answer = call(|| {
            made.set(made.get() + 1);
            let answer = answers(made.get());
            async move { answer.map(Response::new) }
        });
        let is_ok = answer.await.is_ok();
        (made.get(), is_ok)
    }

    #[tokio::test]
    async fn a_retired_connection_costs_one_more_call_and_nothing_else_does() {
        let retired = || Err(Status::cancelled("operation was canceled"));
        assert_eq!(calls_made(|n| if n == 1 { retired() } else { Ok(()) }).await, (2, true));
        assert_eq!(calls_made(|_| retired()).await, (2, false));
        assert_eq!(calls_made(|_| Err(Status::cancelled("the caller went away"))).await, (1, false));
        assert_eq!(calls_made(|_| Err(Status::unavailable("full"))).await, (1, false));
        assert_eq!(calls_made(|_| Ok(())).await, (1, true));
    }
}
