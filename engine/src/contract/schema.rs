//! JSON Schema of the contract, made from its types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::{PreTradeDocument, PreTradeOptions, Question, Request, Response, VERSION};

/// The schema of requests and responses, draft 2020-12: `#/$defs/Request` and `#/$defs/Response`.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut definitions = Map::new();
    // A request is described as it is read, a response as it is written.
    define::<Request>(settings.clone().for_deserialize().into_generator(), &mut definitions);
    define::<Question>(settings.clone().for_deserialize().into_generator(), &mut definitions);
    define::<PreTradeOptions>(settings.clone().for_deserialize().into_generator(), &mut definitions);
    define::<PreTradeDocument>(settings.clone().for_serialize().into_generator(), &mut definitions);
    define::<Response>(settings.for_serialize().into_generator(), &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("The contract of margin-engine, version {VERSION}"),
        "anyOf": [{ "$ref": "#/$defs/Request" }, { "$ref": "#/$defs/Response" }],
        "$defs": definitions,
    })
}

/// Adds a type and what it is made of.
fn define<T: JsonSchema>(mut generator: SchemaGenerator, definitions: &mut Map<String, Value>) {
    generator.subschema_for::<T>();
    definitions.extend(generator.take_definitions(true));
}
