INSERT INTO event_chains (realm_id, position, hash, removed, removed_hash) VALUES (99, 1, zeroblob(32), 0, zeroblob(32));
INSERT INTO event_seals (realm_id, position, event_id, hash) VALUES (99, 1, 99, zeroblob(32));
INSERT INTO event_search (rowid, terms) VALUES (99, 'zoe');
