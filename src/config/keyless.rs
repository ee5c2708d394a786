//! Keys that are not there. That stops nothing, because another voice answers; so it has to be said.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::engine::catalog::ModelConfig;
use crate::engine::catalog::STAND_BY;
use crate::fault::Fault;
use crate::fault::key_part;

use super::Loaded;
use super::origin::Finding;

const NO_VARIABLE: &str = "has neither `api_key_env` nor `api_key_file`, and its host refuses requests without a key";

/// An engine that has no key.
struct Keyless<'a> {
    name: &'a str,
    variable: Option<&'a str>,
    /// Whether requests are sent to it all the same.
    is_usable: bool,
}

impl Loaded {
    /// Engines that the operator gave a key which is not there, and the models that they therefore do not speak.
    pub fn missing_keys(&self) -> Vec<Finding> {
        let engines = self.keyless().filter_map(|engine| Some((self.fault_of(&engine)?, engine)));
        let faults = engines.flat_map(|(fault, engine)| std::iter::once(fault).chain(self.unspoken(&engine)));
        faults.map(|fault| Finding::new(self.merged.origin(&fault.key), fault)).collect()
    }

    /// Engines that are not used because the variable that they look into by default is empty, with that variable.
    /// It is so at every start without any configuration, and no mistake. Of several that look into the same variable, the
    /// first stands for all.
    pub fn waiting_for_a_key(&self) -> BTreeMap<&str, &str> {
        let mut told: BTreeSet<_> =
            self.keyless().filter(|engine| self.is_supplied(engine)).filter_map(|engine| engine.variable).collect();
        let waiting = self.keyless().filter(|engine| !engine.is_usable && !self.is_supplied(engine));
        let named = waiting.filter_map(|engine| Some((engine.name, engine.variable?)));
        named.filter(|(_, variable)| told.insert(variable)).collect()
    }

    fn keyless(&self) -> impl Iterator<Item = Keyless<'_>> {
        self.config.engines.iter().filter(|(name, _)| self.secrets.key(name).is_none()).filter_map(|(name, engine)| {
            let (_, variable) = engine.key_place()?;
            Some(Keyless { name, variable, is_usable: engine.is_usable(name, &self.secrets) })
        })
    }

    /// Whether the name of the variable is not the one that is compiled in.
    fn is_supplied(&self, engine: &Keyless<'_>) -> bool {
        let path = ["engines", engine.name, "api_key_env"].map(str::to_owned);
        self.merged.origins.contains_key(path.as_slice())
    }

    /// The name of the variable is not repeated: it may be a key in the wrong place that happens to look like a name.
    fn fault_of(&self, engine: &Keyless<'_>) -> Option<Fault> {
        let table = format!("engines.{}", key_part(engine.name));
        let so = if engine.is_usable { "requests carry no key" } else { "the engine is not used" };
        if self.is_supplied(engine) {
            let problem = format!("the variable of this name is not set, or is empty, so {so}");
            return Some(Fault::new("api_key_env", problem).under(&table));
        }
        let is_unkeyed = !engine.is_usable && engine.variable.is_none();
        is_unkeyed.then(|| Fault::new(table, format!("{NO_VARIABLE}, so {so}")))
    }

    fn unspoken(&self, engine: &Keyless<'_>) -> Vec<Fault> {
        let is_its_own = |(_, model): &(&String, &ModelConfig)| model.enabled && model.engine == engine.name;
        let models = self.config.models.iter().filter(is_its_own).filter(|_| !engine.is_usable);
        let instead = if self.has_stand_by() { "the built-in voice speaks instead" } else { "the model is left out" };
        let problem = format!("`{}` has no key, so {instead}", engine.name);
        models.map(|(name, _)| Fault::new(format!("models.{}.engine", key_part(name)), problem.clone())).collect()
    }

    fn has_stand_by(&self) -> bool {
        let model = self.config.models.get(STAND_BY).filter(|model| model.enabled);
        let engine = model.and_then(|model| Some((&model.engine, self.config.engines.get(&model.engine)?)));
        engine.is_some_and(|(name, engine)| engine.is_usable(name, &self.secrets))
    }
}
