INSERT INTO groups (id, realm_id, display_name, name_key, description, member_count, version, created_at, updated_at)
    VALUES (11, 1, 'Équipe Ångström', 'équipe ångström', '', 0, 1, 10, 10);
