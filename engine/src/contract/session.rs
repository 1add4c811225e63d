//! Questions about a request beside its requirement, one after the other on the same markets.
//!
//! A host that asks often (a page's worker, a server) keeps a session: markets are given to it once, and methodologies
//! stay as they were read.

use std::cell::RefCell;
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::range_history::KeptTrack;
use super::{ContractError, MarketDocument, Request, Resolved, VERSION};
use crate::account::Account;
use crate::book::Book;
use crate::collateral::CollateralSchedule;
use crate::json;
use crate::market::Market;
use crate::methodology::{
    Assessment, ConfiguredMethodology, Entry, KnownMethodologies, Methodology, MethodologyError, assess,
};
use crate::progress::Progress;

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked: one of [`QUESTIONS`].
    pub ask: String,
    /// About which account, market and methodology.
    pub request: Request,
    /// What the question needs beside; its shape depends on `ask`.
    #[serde(default)]
    pub options: Value,
}

/// What a question is answered from: everything valid, the market moved, the account resolved.
pub struct Asked {
    /// The account; under a what-if, futures are pinned: see [`Account::pinned`].
    pub account: Account,
    /// The market after the what-if.
    pub market: Market,
    /// The account in it.
    pub book: Book,
    /// The methodology's entry.
    pub entry: &'static Entry,
    /// The haircuts in force.
    pub schedule: CollateralSchedule,
    configured: Rc<ConfiguredMethodology>,
    methodologies: Methodologies,
    /// The record of ranges that was worked out last.
    pub(super) tracks: Rc<KeptTrack>,
}

impl Asked {
    /// The methodology, or why its parameters are not usable.
    pub(super) fn configured(&self) -> Rc<ConfiguredMethodology> {
        Rc::clone(&self.configured)
    }

    /// Another methodology, which the session keeps too.
    pub(super) fn other(&self, entry: &'static Entry, edits: Option<&Value>) -> Rc<ConfiguredMethodology> {
        self.methodologies.configured(entry, edits)
    }

    /// The methodology with its parameters.
    ///
    /// # Errors
    /// Its parameters are not usable.
    pub fn methodology(&self) -> Result<&dyn Methodology, ContractError> {
        match self.configured.as_ref() {
            Ok(methodology) => Ok(methodology.as_ref()),
            Err(reason) => Err(self.failed(reason.clone())),
        }
    }

    /// The assessment of the account as it is.
    ///
    /// # Errors
    /// Those of the methodology.
    pub fn assessment(&self) -> Result<Assessment, ContractError> {
        assess(self.entry, self.methodology()?, &self.book).map_err(|reason| self.failed(reason))
    }

    /// A refusal of the methodology as an error of the contract.
    pub fn failed(&self, reason: MethodologyError) -> ContractError {
        ContractError::Methodology { id: self.entry.id.to_owned(), reason }
    }
}

/// How a question is answered: from what is asked about, and its options; it tells how far it is.
type Answer = fn(&Asked, &Value, Progress<'_>) -> Result<Value, ContractError>;

/// How far a question is when its answer is there and has not been handed over.
const ANSWERED: f64 = 0.99;

/// All questions.
pub const QUESTIONS: &[(&str, Answer)] = &[
    ("account_modes", super::account_modes::answer),
    ("account_state", super::account_state::answer),
    ("attribution", super::attribution::answer),
    ("call_prices", super::call_prices::answer),
    ("comparison", super::comparison::answer),
    ("hedges", super::hedges::answer),
    ("liquidation", super::liquidation::answer),
    ("margin_curve", super::margin_curve::answer),
    ("pre_trade", super::pre_trade::answer),
    ("range_history", super::range_history::answer),
    ("stress", super::stress::answer),
];

/// Markets and methodologies that stay between questions.
#[derive(Default)]
pub struct Session {
    markets: Vec<(String, Market)>,
    methodologies: Methodologies,
    tracks: Rc<KeptTrack>,
}

/// Methodologies that questions share.
#[derive(Default, Clone)]
struct Methodologies(Rc<RefCell<KnownMethodologies>>);

impl Methodologies {
    fn configured(&self, entry: &'static Entry, edits: Option<&Value>) -> Rc<ConfiguredMethodology> {
        let mut known = self.0.borrow_mut();
        known.get(entry.id, edits).unwrap_or_else(|| {
            let read = Rc::new(entry.configure(edits));
            known.keep(entry.id, edits, &read);
            read
        })
    }
}

impl Session {
    /// Neither markets nor methodologies yet.
    pub fn new() -> Session {
        Session::default()
    }

    /// Keeps a market that requests may then name; one of the same name is replaced.
    ///
    /// # Errors
    /// The document is no market.
    pub fn keep_market(&mut self, name: &str, document: MarketDocument) -> Result<(), ContractError> {
        let market = Market::try_from(document)?;
        self.markets.retain(|(known, _)| known != name);
        self.markets.push((name.to_owned(), market));
        Ok(())
    }

    /// Answers a question.
    ///
    /// # Errors
    /// There is no such question, or something makes it unanswerable, in a sentence that names the field.
    pub fn answer(&mut self, question: &Question) -> Result<Value, ContractError> {
        self.answer_telling(question, Progress::UNHEARD)
    }

    /// Answers a question, and tells how far it is on the way; 1 once it is answered.
    ///
    /// # Errors
    /// As of [`Session::answer`].
    pub fn answer_telling(&mut self, question: &Question, progress: Progress<'_>) -> Result<Value, ContractError> {
        let known = || QUESTIONS.iter().map(|(name, _)| *name).collect::<Vec<&str>>().join(", ");
        let Some((_, answer)) = QUESTIONS.iter().find(|(name, _)| *name == question.ask) else {
            let reason = format!("there is no question \"{}\"; there are {}", question.ask, known());
            return Err(ContractError::Shape { path: "ask".to_owned(), reason });
        };
        let asked = self.asked(&question.request)?;
        // Nothing ends at 1 before it is written.
        let answer = answer(&asked, &question.options, progress.part(0.0, ANSWERED))?;
        progress.at(1.0);
        Ok(answer)
    }

    /// Makes a request ready.
    ///
    /// # Errors
    /// The first thing that makes it unusable.
    pub fn asked(&mut self, request: &Request) -> Result<Asked, ContractError> {
        let find = |name: &str| self.markets.iter().find(|(known, _)| known == name).map(|(_, market)| market.clone());
        let Resolved { account, market, book } = request.resolve(find)?;
        let entry = request.entry()?;
        let configured = self.methodologies.configured(entry, request.methodology.parameters.as_ref());
        let schedule = request.account.schedule(entry)?;
        let (methodologies, tracks) = (self.methodologies.clone(), Rc::clone(&self.tracks));
        Ok(Asked { account, market, book, entry, schedule, configured, methodologies, tracks })
    }
}

impl Question {
    /// Reads a question.
    ///
    /// # Errors
    /// The request is of another version, or something is not of this shape; the error says where.
    pub fn from_value(value: &Value) -> Result<Question, ContractError> {
        check_version(value)?;
        Ok(json::from_value(value)?)
    }
}

/// Refuses what holds a request of another version.
pub(super) fn check_version(value: &Value) -> Result<(), ContractError> {
    match value.get("request").and_then(|request| request.get("version")) {
        Some(version) if *version == VERSION => Ok(()),
        version => Err(ContractError::Version(version.map_or("missing".to_owned(), Value::to_string))),
    }
}

/// The options of a question that has none.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoOptions {}

/// Reads the options of a question; those that are missing altogether are read as an object without fields.
pub(super) fn options<T: serde::de::DeserializeOwned>(options: &Value) -> Result<T, ContractError> {
    let read = match options {
        Value::Null => json::from_value(&Value::Object(serde_json::Map::new())),
        given => json::from_value(given),
    };
    read.map_err(|error| {
        let path = if error.path.is_empty() { "options".to_owned() } else { format!("options.{}", error.path) };
        ContractError::Shape { path, reason: error.reason }
    })
}

/// Writes an answer.
pub(super) fn written<T: Serialize>(document: &T) -> Result<Value, ContractError> {
    serde_json::to_value(document)
        .map_err(|error| ContractError::Shape { path: "the answer".to_owned(), reason: error.to_string() })
}
