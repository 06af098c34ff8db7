UPDATE sessions SET acting_realm_id = realm_id;
