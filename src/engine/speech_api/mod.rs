//! Engines behind OpenAI's speech endpoint and everything that copies it.

pub mod config;
