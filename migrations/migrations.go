// Package migrations carries the schema: numbered SQL files, forward only, one text for both engines;
// where they differ, NNNN_x.sqlite.sql stands beside NNNN_x.postgres.sql.
package migrations

import "embed"

// Files are the migrations.
//
//go:embed *.sql
var Files embed.FS
