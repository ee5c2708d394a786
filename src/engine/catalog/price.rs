//! What speech costs, in exact integers: billionths of the currency unit.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;
use serde::de::Error as _;

use crate::fault::Fault;
use crate::speech::Tokens;

const NANOS: i64 = 1_000_000_000;
const NANO_DIGITS: usize = 9;
const MILLION: i128 = 1_000_000;

/// A price list's line for one model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PriceConfig {
    /// Currency, as ISO 4217 writes it: `USD`. Required.
    pub currency: String,
    /// Name of the price list, reported with every cost. Required.
    pub list: String,
    /// Price of a million text tokens, such as `"0.60"`, at most nine decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_million_input_tokens: Option<Amount>,
    /// Price of a million text tokens that the upstream had in its cache. Unset: that of other text tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_million_cached_input_tokens: Option<Amount>,
    /// Price of a million text tokens that are made beside the audio, such as `"2.40"`. Unset: they cost nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_million_output_text_tokens: Option<Amount>,
    /// Price of a million audio tokens, such as `"12.00"`, at most nine decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_million_output_tokens: Option<Amount>,
    /// Price of a million code points of text, such as `"15"`, at most nine decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub per_million_chars: Option<Amount>,
}

impl PriceConfig {
    /// Everything that is wrong with the line.
    pub(super) fn validate(&self) -> Vec<Fault> {
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let amounts = [self.per_million_input_tokens, self.per_million_output_tokens, self.per_million_chars];
        let checks = [
            (!is_code, "currency", "must be three capital letters, such as USD (ISO 4217)"),
            (self.list.is_empty(), "list", "is required: name the price list"),
            (amounts.iter().all(Option::is_none), "per_million_chars", "is required, or one of the prices per token"),
        ];
        let wrong = checks.into_iter().filter(|(is_wrong, ..)| *is_wrong);
        wrong.map(|(_, key, problem)| Fault::new(key, problem)).collect()
    }
}

/// What a model costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// ISO 4217 code.
    pub currency: String,
    /// Name of the price list.
    pub list: String,
    per_million_input_tokens: Amount,
    per_million_cached_input_tokens: Amount,
    per_million_output_tokens: Amount,
    per_million_output_text_tokens: Amount,
    per_million_chars: Amount,
}

impl Price {
    /// What `tokens` and `chars` code points cost, in billionths of the currency unit, rounded half up once at the end.
    pub fn cost(&self, tokens: Option<Tokens>, chars: u64) -> i64 {
        let tokens = tokens.unwrap_or_default();
        let parts = [
            (self.per_million_input_tokens, tokens.input.saturating_sub(tokens.cached_input)),
            (self.per_million_cached_input_tokens, tokens.cached_input),
            (self.per_million_output_tokens, tokens.output),
            (self.per_million_output_text_tokens, tokens.output_text),
            (self.per_million_chars, chars),
        ];
        let total: i128 = parts.iter().map(|(amount, count)| i128::from(amount.0) * i128::from(*count)).sum();
        i64::try_from((total + MILLION / 2) / MILLION).unwrap_or(i64::MAX)
    }

    /// Whether any part of the price depends on tokens, so that a cost without them is none.
    pub fn needs_tokens(&self) -> bool {
        let per_token = [
            self.per_million_input_tokens,
            self.per_million_cached_input_tokens,
            self.per_million_output_tokens,
            self.per_million_output_text_tokens,
        ];
        per_token.iter().any(|amount| amount.0 > 0)
    }
}

impl From<&PriceConfig> for Price {
    fn from(config: &PriceConfig) -> Self {
        Self {
            currency: config.currency.clone(),
            list: config.list.clone(),
            per_million_input_tokens: config.per_million_input_tokens.unwrap_or_default(),
            per_million_cached_input_tokens: config
                .per_million_cached_input_tokens
                .or(config.per_million_input_tokens)
                .unwrap_or_default(),
            per_million_output_text_tokens: config.per_million_output_text_tokens.unwrap_or_default(),
            per_million_output_tokens: config.per_million_output_tokens.unwrap_or_default(),
            per_million_chars: config.per_million_chars.unwrap_or_default(),
        }
    }
}

/// An amount of money, in billionths of its unit, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount(i64);

impl FromStr for Amount {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected a price such as \"0.60\": digits, and at most nine decimals";
        let (units, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(units) || !is_number(decimals) || decimals.len() > NANO_DIGITS {
            return Err(EXPECTED);
        }
        let nanos: i64 = format!("{decimals:0<NANO_DIGITS$}").parse().map_err(|_| EXPECTED)?;
        let units: i64 = units.parse().map_err(|_| EXPECTED)?;
        units.checked_mul(NANOS).and_then(|units| units.checked_add(nanos)).map(Self).ok_or(EXPECTED)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = format!("{:09}", self.0 % NANOS);
        write!(f, "{}.{:0<2}", self.0 / NANOS, decimals.trim_end_matches('0'))
    }
}

impl<'de> Deserialize<'de> for Amount {
    /// Reads text or a number. A float is read as its shortest decimal, which is what the operator wrote.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            toml::Value::Float(number) => number.to_string(),
            other => other.to_string(),
        };
        text.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::Amount;
    use super::Price;
    use super::PriceConfig;
    use crate::speech::Tokens;

    fn price(toml: &str) -> Price {
        let config: PriceConfig = toml::from_str(&format!("currency = 'USD'\nlist = 'test'\n{toml}")).unwrap();
        assert_eq!(config.validate(), []);
        Price::from(&config)
    }

    #[test]
    fn cost_is_exact() {
        let mini = price("per_million_input_tokens = '0.60'\nper_million_output_tokens = '12.00'");
        let classic = price("per_million_chars = 15");
        for (price, input, output, chars, nanos) in [
            // A bill of $0.0010524 for two calls of 877 text tokens each.
            (&mini, 877, 0, 4_096, 526_200),
            (&mini, 2 * 877, 0, 0, 1_052_400),
            (&mini, 0, 1_200, 0, 14_400_000),
            (&mini, 10, 93, 38, 6_000 + 1_116_000),
            (&classic, 877, 5_392, 4_096, 61_440_000),
            (&classic, 0, 0, 1, 15_000),
        ] {
            assert_eq!(
                price.cost(Some(Tokens { input, output, ..Tokens::default() }), chars),
                nanos,
                "{input}/{output}/{chars}"
            );
        }
        assert_eq!(mini.cost(None, 4_096), 0);
        assert!(mini.needs_tokens() && !classic.needs_tokens());
    }

    #[test]
    fn cost_rounds_once_and_does_not_overflow() {
        let tiny = price("per_million_chars = '0.000000001'");
        assert_eq!(tiny.cost(None, 499_999), 0);
        assert_eq!(tiny.cost(None, 500_000), 1);
        assert_eq!(price("per_million_chars = '9000000000'").cost(None, u64::MAX), i64::MAX);
    }

    #[test]
    fn amounts_are_read_exactly_in_every_notation() {
        for (toml, shown) in [("0.6", "0.60"), ("'0.60'", "0.60"), ("12", "12.00"), ("'0.000000001'", "0.000000001")] {
            let config: PriceConfig = toml::from_str(&format!("per_million_chars = {toml}")).unwrap();
            assert_eq!(config.per_million_chars.unwrap().to_string(), shown);
        }
        for wrong in ["", ".", "1.", ".5", "-1", "1e3", "1,5", "0.0000000001", "9223372037", "inf", "NaN", "１"] {
            assert!(wrong.parse::<Amount>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_fault_of_a_price_is_named() {
        let config: PriceConfig = toml::from_str("currency = 'dollars'").unwrap();
        let keys: Vec<_> = config.validate().into_iter().map(|fault| fault.key).collect();
        assert_eq!(keys, ["currency", "list", "per_million_chars"]);
    }
}
