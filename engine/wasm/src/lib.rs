//! JavaScript bindings of [`margin_engine`]: a request in, a response out; orders checked before they are sent; any other
//! question of the contract.
//!
//! All are the shapes of `margin_engine::contract`, as plain objects or as JSON text; [`LivePortfolio`] hands figures out
//! as typed arrays. Nothing is computed here.
#![deny(missing_docs)]

use js_sys::Float64Array;
use margin_engine::book::Book;
use margin_engine::contract::{self, ContractError, PreTradeRequest, Question, Request, Session};
use margin_engine::methodology::Assessment;
use serde::Serialize;
use serde_json::Value;
use wasm_bindgen::prelude::*;

/// What is thrown: an object with one sentence.
#[derive(Serialize)]
struct Failure {
    message: String,
}

/// Shapes for TypeScript, where the generated ones would say `any`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What is thrown: one sentence that starts with the field it is about. */
export interface AssessError { message: string }

/** An order, filled at its price as a whole or not at all. */
export interface Order {
  /** As in a position: "BTC-25SEP26-84000-C". */
  instrument: string;
  /** Bought where positive, sold where negative. */
  quantity: number;
  /** What the size counts, as in a position. */
  unit?: string;
  /** The limit, quoted as an entry price is; the mark where left out. */
  price?: number;
  /** What the whole order costs beside, in the currency that it is paid in. */
  fee?: number;
  /** The smallest size, in the same unit; the venue's where left out. */
  tick?: number;
}

/** An account and its market, as `assess` takes them, and the orders to check. */
export interface PreTradeRequest {
  request: object;
  options: { orders: Order[]; largest?: boolean; liquidation?: boolean };
}

/** What an account needs and has, in the account currency. */
export interface MarginFigures {
  initial_margin: number;
  maintenance_margin: number;
  equity: number;
  free_margin: number;
  maintenance_excess: number;
  margin_ratio?: number;
  standing: "healthy" | "watch" | "margin-call" | "liquidation" | "bankrupt";
}

/** One order of a list, after those before it that were accepted. */
export interface CheckedOrder {
  instrument: string;
  accepted: boolean;
  /** One sentence with its figures. */
  reason: string;
  price: number;
  payment_asset: string;
  /** What comes into that balance; negative is paid. */
  payment: number;
  free_margin: number;
  /** Each fits, as all smaller sizes do, and one tick more does not; absent where no size is refused. */
  largest?: { tick: number; unit?: string; buy?: number; sell?: number };
}

/** The answer to `preTrade`. */
export interface PreTrade {
  currency: string;
  accepted: boolean;
  reason: string;
  before: MarginFigures;
  after: MarginFigures;
  change: Omit<MarginFigures, "margin_ratio" | "standing">;
  orders: CheckedOrder[];
  first_refused?: number;
  liquidation?: {
    asset: string; index: number;
    down_before?: number; up_before?: number; down_after?: number; up_after?: number;
  }[];
  /** What the account holds with all orders: the positions and balances of the next request. */
  positions: object[];
  balances: object[];
}

/** Checks orders before they are sent. Throws an `AssessError`. */
export function preTrade(request: PreTradeRequest): PreTrade;

/** Answers a question of the contract, whose options and answer depend on `ask`. Throws an `AssessError`. */
export function ask(question: { ask: string; request: object; options?: object }): object;

/** Answers a request of the contract, version 1. Throws an `AssessError`. */
export function assess(request: object): object;

/**
 * A request whose quantities are edited again and again: an edit prices nothing, and its figures are those of `assess`,
 * to the bit. Legs are the enabled positions, in their order. Lists are copies.
 */
export class LivePortfolio {
  /** Takes what `assess` takes. Throws an `AssessError`. */
  constructor(request: object);
  /**
   * Gives a position of the request, by its place from 0, another quantity in its unit. Throws an `AssessError`, and
   * then nothing has changed.
   */
  setQuantity(position: number, quantity: number): void;
  readonly initialMargin: number;
  readonly maintenanceMargin: number;
  /** None under methodologies that go by rules. */
  readonly slideCount: number;
  readonly legCount: number;
  /** P&L of the whole account on each slide, in the account currency. */
  slidePnl(): Float64Array;
  /** P&L of each leg on each slide, leg after leg: that of leg i on slide j is at i · slideCount + j. */
  legPnl(): Float64Array;
  /** The whole answer of `assess` to the request as it is by now; this takes as long as asking it does. */
  assessment(): object;
  /** Gives its memory back; it is of no use afterwards. */
  free(): void;
}
"#;

/// Answers a request given as an object; the response is a plain object.
///
/// # Errors
/// An object `{ message }`: one sentence that starts with the field it is about.
#[wasm_bindgen(skip_typescript)]
pub fn assess(request: JsValue) -> Result<JsValue, JsValue> {
    answered(&request, |value| contract::assess(&Request::from_value(value)?, |_| None))
}

/// Checks orders before they are sent: the account before and after, whether they would be accepted and why, and how
/// much would fit.
///
/// # Errors
/// As of [`assess`].
#[wasm_bindgen(js_name = preTrade, skip_typescript)]
pub fn pre_trade(request: JsValue) -> Result<JsValue, JsValue> {
    answered(&request, |value| contract::pre_trade(&PreTradeRequest::from_value(&value)?, |_| None))
}

/// Answers any question of the contract.
///
/// # Errors
/// As of [`assess`].
#[wasm_bindgen(skip_typescript)]
pub fn ask(question: JsValue) -> Result<JsValue, JsValue> {
    answered(&question, |value| Session::new().answer(&Question::from_value(&value)?))
}

fn answered<T: Serialize>(
    request: &JsValue,
    answer: impl Fn(Value) -> Result<T, ContractError>,
) -> Result<JsValue, JsValue> {
    let value = from_plain_object(request).map_err(failure)?;
    let response = answer(value).map_err(refused)?;
    to_plain_object(&response).map_err(|error| failure(error.to_string()))
}

/// A request whose quantities are edited: see `TYPES`.
#[wasm_bindgen(skip_typescript)]
pub struct LivePortfolio(contract::LivePortfolio);

#[wasm_bindgen]
impl LivePortfolio {
    /// Assesses a request, to be edited.
    ///
    /// # Errors
    /// As of [`assess`].
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(request: &JsValue) -> Result<LivePortfolio, JsValue> {
        let value = from_plain_object(request).map_err(failure)?;
        let request = Request::from_value(value).map_err(refused)?;
        contract::LivePortfolio::new(request, |_| None).map(LivePortfolio).map_err(refused)
    }

    /// Gives a position another quantity, in its unit. One that is refused changes nothing.
    ///
    /// # Errors
    /// An object `{ message }`: there is no such position, or no requirement with that quantity.
    #[wasm_bindgen(js_name = setQuantity, skip_typescript)]
    pub fn set_quantity(&mut self, position: f64, quantity: f64) -> Result<(), JsValue> {
        // JavaScript would turn what is no index into one.
        let place = position as usize;
        if place as f64 != position {
            return Err(failure(format!("account.positions[{position}]: a position is named by its place, from 0")));
        }
        self.0.set_quantity(place, quantity).map_err(refused)
    }

    /// The initial requirement, in the account currency.
    #[wasm_bindgen(getter, js_name = initialMargin, skip_typescript)]
    pub fn initial_margin(&self) -> Result<f64, JsValue> {
        Ok(self.assessed()?.1.initial)
    }

    /// The maintenance requirement, in the account currency.
    #[wasm_bindgen(getter, js_name = maintenanceMargin, skip_typescript)]
    pub fn maintenance_margin(&self) -> Result<f64, JsValue> {
        Ok(self.assessed()?.1.maintenance)
    }

    /// How many slides there are.
    #[wasm_bindgen(getter, js_name = slideCount, skip_typescript)]
    pub fn slide_count(&self) -> Result<usize, JsValue> {
        Ok(self.assessed()?.1.revaluation.slide_count())
    }

    /// How many legs there are: positions that are enabled.
    #[wasm_bindgen(getter, js_name = legCount, skip_typescript)]
    pub fn leg_count(&self) -> Result<usize, JsValue> {
        Ok(self.assessed()?.0.legs.len())
    }

    /// P&L of the whole account on each slide.
    #[wasm_bindgen(js_name = slidePnl, skip_typescript)]
    pub fn slide_pnl(&self) -> Result<Float64Array, JsValue> {
        Ok(Float64Array::from(self.assessed()?.1.revaluation.totals().as_slice()))
    }

    /// P&L of each leg on each slide, leg after leg.
    #[wasm_bindgen(js_name = legPnl, skip_typescript)]
    pub fn leg_pnl(&self) -> Result<Float64Array, JsValue> {
        Ok(Float64Array::from(self.assessed()?.1.revaluation.rows()))
    }

    /// The whole answer to the request as it is by now.
    ///
    /// # Errors
    /// As of [`assess`].
    #[wasm_bindgen(skip_typescript)]
    pub fn assessment(&self) -> Result<JsValue, JsValue> {
        let response = self.0.response().map_err(refused)?;
        to_plain_object(&response).map_err(|error| failure(error.to_string()))
    }

    fn assessed(&self) -> Result<(&Book, &Assessment), JsValue> {
        self.0.assessed().ok_or_else(|| failure("there is no assessment".to_owned()))
    }
}

/// Answers a request given as JSON text with JSON text.
///
/// # Errors
/// A JavaScript `Error` with the sentence.
#[wasm_bindgen(js_name = assessJson)]
pub fn assess_json(request: &str) -> Result<String, JsError> {
    let request = Request::from_json(request).map_err(|error| JsError::new(&error.to_string()))?;
    let response = contract::assess(&request, |_| None).map_err(|error| JsError::new(&error.to_string()))?;
    Ok(serde_json::to_string(&response)?)
}

/// As `JSON.stringify` sees it: fields that are undefined are not there, a number that is none is null.
fn from_plain_object(object: &JsValue) -> Result<Value, String> {
    let refused = |reason: &str| format!("the request is no plain object: {reason}");
    let text: JsValue = js_sys::JSON::stringify(object).map_err(|error| refused(&message_of(&error)))?.into();
    let text = text.as_string().ok_or_else(|| refused("it has no JSON"))?;
    serde_json::from_str(&text).map_err(|error| refused(&error.to_string()))
}

/// What an exception says.
fn message_of(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.unwrap_or_else(|| "it cannot be written as JSON".to_owned())
}

/// As `JSON.parse` would make it: objects rather than `Map`s, and null rather than undefined.
fn to_plain_object(value: &impl Serialize) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())
}

fn refused(error: ContractError) -> JsValue {
    failure(error.to_string())
}

fn failure(message: String) -> JsValue {
    // A struct of one string always has a shape in JavaScript; were it not so, the sentence itself is thrown.
    to_plain_object(&Failure { message: message.clone() }).unwrap_or_else(|_| JsValue::from_str(&message))
}
