//! Rhapsode: streaming text-to-speech over gRPC.
