//! How well it is told whether a transcript is the text: on readings by hand, and on sentences in six languages with planted
//! changes.

mod figures;
mod planter;
mod readings;
