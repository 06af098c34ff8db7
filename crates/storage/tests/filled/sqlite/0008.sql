INSERT INTO logos (realm_id, id, media_type, image, mail_png, mail_width, mail_height, created_at) VALUES (1, 'a1', 'image/png', x'89', x'89', 1, 1, 1);
