// Package db is the thin layer over database/sql that lets one text of SQL run on SQLite and on PostgreSQL.
//
// What keeps the SQL portable: $1…$n placeholders (modernc.org/sqlite binds them by number, as
// PostgreSQL does), ids and instants as TEXT, civil dates as TEXT, money as BIGINT, flags as BOOLEAN,
// RETURNING, ON CONFLICT, common table expressions; never `::`, ILIKE, FOR UPDATE, now(), arrays or
// JSON operators. Locking is by writing a row first.
//
// Writing happens only in DB.InTx. On PostgreSQL closures run side by side. On SQLite there is one
// writer: closures that wait at the same moment run one after another as savepoints of one physical
// transaction and are committed together, so that one fsync (synchronous=FULL) serves them all; each
// is acknowledged only after that commit. A closure may run more than once and must touch nothing
// but the database. A transaction inside a transaction is an error at once.
package db
