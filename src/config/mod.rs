//! The configuration: every module's own, composed; read from layers, and all faults reported at once.
//!
//! Defaults lie lowest, then the file, then the environment, then flags. To add a section, add a field to [`Config`] and,
//! if it can be wrong in a way that its types do not catch, a line to its `validate`. Every field needs a default, because
//! each setting is also tried alone; what an operator must supply is checked in `validate`.

mod check;
mod engines;
mod file;
mod keyless;
mod layers;
mod origin;
mod print;
mod reference;
mod secrets;
mod server;
mod variables;
mod warnings;

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Serialize;
use toml::Table;

use crate::admission;
use crate::audio;
use crate::engine::catalog;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::Standing;
use crate::fault::Fault;
use crate::fault::key_part;
use crate::grpc;
use crate::pipeline;
use crate::resilience;
use crate::telemetry;

use layers::Merged;
use variables::TextLeaf;

pub use engines::Engine;
pub use file::File;
pub use origin::Finding;
pub use origin::Origin;
pub use reference::page;
pub use reference::reference;
pub use secrets::Secrets;
pub use server::Server;
pub use variables::Environment;
pub use variables::Flag;
pub use variables::PREFIX;
pub use variables::environment;

/// Everything that an operator can set.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the process listens, and how it goes away.
    pub server: Server,
    /// How gRPC connections are kept.
    pub connections: grpc::Connections,
    /// What one call may ask for.
    pub limits: grpc::Limits,
    /// What one conversation (`StreamingSynthesize`) may take.
    pub conversation: pipeline::ConversationConfig,
    /// How many calls this process serves at once.
    pub admission: admission::Config,
    /// How a text is cut into calls of an engine.
    pub segmentation: pipeline::Segmentation,
    /// What is taken out of text before it is spoken, where a call does not say.
    pub text: pipeline::TextConfig,
    /// The pauses between two segments, which replace the silences that an engine leaves there.
    pub pauses: audio::Pauses,
    /// How long one upstream call may keep a caller waiting.
    pub timeouts: resilience::Timeouts,
    /// Retrying upstream calls that failed before their first audio.
    pub retry: resilience::RetryPolicy,
    /// When an engine that keeps failing is left alone for a while.
    pub breaker: resilience::BreakerPolicy,
    /// Asking a second time for the first words of an utterance that are late.
    pub hedge: resilience::HedgePolicy,
    /// What the operator sees. Export over OTLP is configured by the standard `OTEL_*` variables alone.
    pub telemetry: telemetry::Config,
    /// What happens as models near the end of their lives.
    pub retirement: catalog::RetirementConfig,
    /// What can speak, by name. `openai`, `openai_realtime` and `builtin` are always there.
    ///
    /// The key of an engine is no setting; a setting names the variable or the file that holds it. An engine without a key
    /// is used only if it is not at OpenAI or Azure.
    pub engines: BTreeMap<String, Engine>,
    /// What speaks when a request leaves it open.
    pub defaults: catalog::Defaults,
    /// The models of the catalogue, by the name that callers use; an entry changes one of the shipped models key by key,
    /// or adds one.
    pub models: BTreeMap<String, catalog::ModelConfig>,
    /// What is known of voices, by name. A voice needs an entry only to have a display name, a description or languages.
    pub voices: BTreeMap<String, catalog::VoiceConfig>,
}

impl Default for Config {
    fn default() -> Self {
        let catalog::Config { defaults, models, voices } = catalog::Config::shipped().unwrap_or_default();
        Self {
            server: Server::default(),
            connections: grpc::Connections::default(),
            limits: grpc::Limits::default(),
            admission: admission::Config::default(),
            retirement: catalog::RetirementConfig::default(),
            conversation: pipeline::ConversationConfig::default(),
            segmentation: pipeline::Segmentation::default(),
            text: pipeline::TextConfig::default(),
            pauses: audio::Pauses::default(),
            timeouts: resilience::Timeouts::default(),
            retry: resilience::RetryPolicy::default(),
            breaker: resilience::BreakerPolicy::default(),
            hedge: resilience::HedgePolicy::default(),
            telemetry: telemetry::Config::default(),
            engines: engines::shipped(),
            defaults,
            models,
            voices,
        }
    }
}

impl Config {
    /// Models, voices and defaults, as the catalogue takes them.
    pub fn catalog(&self) -> catalog::Config {
        let (defaults, models, voices) = (self.defaults.clone(), self.models.clone(), self.voices.clone());
        catalog::Config { defaults, models, voices }
    }

    /// What the catalogue has to know of the engine called `name`.
    pub fn standing(&self, name: &str, secrets: &Secrets) -> Standing {
        let standing = |(name, engine): (&str, &Engine)| engine.standing(name, secrets);
        match self.engines.get(name) {
            Some(Engine::Balanced(balanced)) => {
                let members: Vec<_> = balanced.engines(&self.engines).map(standing).collect();
                Standing {
                    is_usable: members.iter().any(|member| member.is_usable),
                    retirement: members.iter().map(|member| member.retirement).max().unwrap_or_default(),
                }
            }
            Some(engine) => standing((name, engine)),
            None => Standing::default(),
        }
    }

    /// Whether calls for the engine called `asked` reach the one called `name`: it is the same, or one of its members.
    pub fn is_asked_through(&self, name: &str, asked: &str) -> bool {
        let is_member = |engine: &Engine| matches!(engine, Engine::Balanced(all) if all.members.contains_key(name));
        name == asked || self.engines.get(asked).is_some_and(is_member)
    }

    /// Everything that is wrong with the settings taken together.
    pub fn validate(&self, secrets: &Secrets) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(under("server", self.server.validate()));
        faults.extend(under("connections", self.connections.validate()));
        faults.extend(under("limits", self.limits.validate()));
        faults.extend(under("admission", self.admission.validate()));
        faults.extend(under("conversation", self.conversation.validate()));
        faults.extend(under("segmentation", self.segmentation.validate()));
        faults.extend(under("pauses", self.pauses.validate()));
        faults.extend(under("timeouts", self.timeouts.validate()));
        faults.extend(under("retry", self.retry.validate()));
        faults.extend(under("breaker", self.breaker.validate()));
        faults.extend(under("hedge", self.hedge.validate()));
        faults.extend(under("telemetry", self.telemetry.validate()));
        faults.extend(engines::validate(&self.engines));
        faults.extend(self.models_without_engine());
        faults.extend(under("retirement", self.retirement.validate()));
        let standing = |name: &str| self.standing(name, secrets);
        faults.extend(Catalog::new(&self.catalog(), &standing, Arc::default()).err().unwrap_or_default());
        faults
    }

    fn models_without_engine(&self) -> impl Iterator<Item = Fault> {
        let is_stray = |model: &catalog::ModelConfig| {
            model.enabled && !model.engine.is_empty() && !self.engines.contains_key(&model.engine)
        };
        self.models.iter().filter(move |(_, model)| is_stray(model)).map(|(name, model)| {
            let problem = format!("there is no [engines.{}]", key_part(&model.engine));
            Fault::new(format!("models.{}.engine", key_part(name)), problem)
        })
    }
}

/// Where settings come from, lowest layer first; below all of them lie the defaults.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The configuration file.
    pub file: Option<File>,
    /// The environment: [`environment`], or what a test makes up.
    pub env: Environment,
    /// Flags of the command line.
    pub flags: Vec<Flag>,
}

/// Settings in force.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The keys of the engines.
    pub secrets: Secrets,
    merged: Merged,
}

impl Loaded {
    /// The settings in force as TOML; each that is no default says where it comes from. There are no keys in it.
    pub fn print(&self) -> String {
        // What the layers leave open has a default, too, and is in force; settings that were read can be written.
        let in_force = Table::try_from(&self.config).unwrap_or_else(|_| self.merged.table.clone());
        print::print(&in_force, &self.merged.origins)
    }
}

impl Sources {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every fault of every layer.
    pub fn load(&self) -> Result<Loaded, Vec<Finding>> {
        let shipped = Table::try_from(Config::default())
            .map_err(|error| vec![Finding::new(Origin::Shipped, Fault::new("", error.to_string()))])?;
        let mut merged = Merged::new(shipped.clone());
        let mut findings = self.lay(&shipped, &mut merged);
        let (config, unreadable) = check::read(&shipped, &merged);
        findings.extend(unreadable);
        let config = config.unwrap_or_default();
        let (secrets, unusable) = Secrets::find(&config.engines, &self.env);
        findings.extend(found(unusable, &merged));
        findings.extend(found(config.validate(&secrets), &merged));
        findings.extend(self.exporting());
        if findings.is_empty() { Ok(Loaded { config, secrets, merged }) } else { Err(findings) }
    }

    /// What is wrong with the standard variables of export, which are no settings but stop a start all the same.
    fn exporting(&self) -> impl Iterator<Item = Finding> {
        let faults = telemetry::faults(&|name| self.env.get(name).cloned());
        faults.into_iter().map(|fault| Finding::new(Origin::Variable(fault.key), Fault::new("", fault.problem)))
    }

    /// Lays all layers over the defaults, and reports what cannot even be laid.
    fn lay(&self, shipped: &Table, merged: &mut Merged) -> Vec<Finding> {
        let mut findings = Vec::new();
        match self.file.as_ref().map(File::leaves) {
            Some(Ok(leaves)) => merged.lay(leaves),
            Some(Err(finding)) => findings.push(finding),
            None => {}
        }
        let openai = variables::openai_base_url(&self.env, &merged.table);
        settle(openai, shipped, merged);
        let (variables, misnamed) = variables::settings(&self.env, &merged.table);
        findings.extend(misnamed);
        settle(variables, shipped, merged);
        settle(self.flags.iter().map(TextLeaf::from), shipped, merged);
        findings
    }
}

fn settle(layer: impl IntoIterator<Item = TextLeaf>, shipped: &Table, merged: &mut Merged) {
    let accepts = |path: &layers::Path, value: &toml::Value| check::accepts(shipped, merged, path, value);
    let leaves = layer.into_iter().map(|leaf| leaf.settle(&accepts)).collect();
    merged.lay(leaves);
}

fn found(faults: Vec<Fault>, merged: &Merged) -> impl Iterator<Item = Finding> {
    faults.into_iter().map(|fault| Finding::new(merged.origin(&fault.key), fault))
}

fn under(table: &str, faults: Vec<Fault>) -> impl Iterator<Item = Fault> {
    faults.into_iter().map(move |fault| fault.under(table))
}

#[cfg(test)]
mod tests;
