//! Single-threaded lanes for the networks, one per concurrent request.
//!
//! A second thread per request was measured to bring nothing for networks this
//! small, while the runtime's shared pool would make requests wait for each
//! other's pieces. So each request runs its networks on a lane of its own.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use rten::RunOptions;
use rten::ThreadPool;

/// Idle lanes; as many are kept as the machine has cores.
#[derive(Debug)]
pub(super) struct Lanes {
    idle: Mutex<Vec<Arc<ThreadPool>>>,
    kept: usize,
}

impl Lanes {
    pub(super) fn new() -> Self {
        let kept = std::thread::available_parallelism().map_or(1, usize::from);
        Self { idle: Mutex::default(), kept }
    }

    /// Runs `work` with the options that put a network on a lane nobody else uses.
    pub(super) fn with<T>(&self, work: impl FnOnce(RunOptions) -> T) -> T {
        let lane = self.lock().pop().unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let answer = work(RunOptions::default().with_thread_pool(Some(Arc::clone(&lane))));
        let mut idle = self.lock();
        if idle.len() < self.kept {
            idle.push(lane);
        }
        answer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<ThreadPool>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_used_again_and_never_twice_at_once() {
        let lanes = Lanes::new();
        let pool = |options: &RunOptions| options.thread_pool.as_ref().map(Arc::as_ptr);
        let first = lanes.with(|options| pool(&options));
        let (outer, inner) = lanes.with(|outer| (pool(&outer), lanes.with(|inner| pool(&inner))));
        assert_eq!(outer, first);
        assert_ne!(outer, inner);
        assert!(lanes.lock().len() <= lanes.kept);
    }
}
