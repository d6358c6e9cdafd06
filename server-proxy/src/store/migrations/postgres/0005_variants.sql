-- Which of its funnel's variants the visitor was shown.
ALTER TABLE signups ADD COLUMN variant TEXT;
