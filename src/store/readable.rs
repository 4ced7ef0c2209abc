//! Values that may not be readable, because another version wrote them or someone damaged them. One such
//! row must not hide the other rows of a query.

use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgTypeInfo, PgValueRef};
use sqlx::types::Json;
use sqlx::{Decode, Postgres, Type};

/// A `T` from JSON; none if it can't be read as one.
#[derive(Debug)]
pub struct Readable<T>(pub Option<T>);

impl<T> Type<Postgres> for Readable<T> {
    fn type_info() -> PgTypeInfo {
        <Json<T> as Type<Postgres>>::type_info()
    }

    fn compatible(found: &PgTypeInfo) -> bool {
        <Json<T> as Type<Postgres>>::compatible(found)
    }
}

impl<'r, T: DeserializeOwned + 'static> Decode<'r, Postgres> for Readable<T> {
    fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Json::decode(value).ok().map(|Json(read)| read)))
    }
}

/// JSON text from the database. Text that is valid there but not here (`1e400`, a hundred nested lists)
/// becomes a string.
#[derive(Debug, sqlx::Type)]
#[sqlx(transparent)]
pub struct JsonText(String);

impl From<JsonText> for Value {
    fn from(JsonText(text): JsonText) -> Self {
        serde_json::from_str(&text).unwrap_or(Self::String(text))
    }
}
