//! Every row of the error table, through a real client.

mod request;
mod server;
mod upstream;
