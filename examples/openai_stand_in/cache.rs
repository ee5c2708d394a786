//! A cache with a bound on the bytes it holds; the oldest entries go first.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Bytes that one cache may hold.
const CAPACITY: usize = 64 << 20;

/// Values by key, each with the size it was put in with.
pub(crate) struct Cache<K, V>(Mutex<Shelf<K, V>>);

struct Shelf<K, V> {
    values: HashMap<K, (V, usize)>,
    age: VecDeque<K>,
    bytes: usize,
}

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Shelf { values: HashMap::new(), age: VecDeque::new(), bytes: 0 }))
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Cache<K, V> {
    /// A copy of the value, which should be cheap to clone.
    pub(crate) fn get(&self, key: &K) -> Option<V> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.values.get(key).map(|(value, _)| value.clone())
    }

    /// Keeps `value`, which holds `bytes`, and lets go of the oldest ones if there is no room.
    pub(crate) fn put(&self, key: K, value: V, bytes: usize) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes > CAPACITY || held.values.contains_key(&key) {
            return;
        }
        while held.bytes + bytes > CAPACITY {
            let Some(oldest) = held.age.pop_front() else { break };
            if let Some((_, freed)) = held.values.remove(&oldest) {
                held.bytes -= freed;
            }
        }
        held.bytes += bytes;
        held.age.push_back(key.clone());
        held.values.insert(key, (value, bytes));
    }
}
