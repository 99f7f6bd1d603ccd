package migrations_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// docs/schema.sql is the whole schema for reading, as SQLite has it after every migration. After a
// change: QIAO_WRITE_SCHEMA=1 go test ./migrations
func TestTheSchemaForReadingIsTrue(t *testing.T) {
	d := dbtest.SQLite(t)
	parts, err := db.All[string](t.Context(), d, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'goose%' ORDER BY tbl_name, type DESC, name`)
	if err != nil {
		t.Fatal(err)
	}
	want := "-- The whole schema, for reading: the result of migrations/ on SQLite. Written by the test in that folder.\n\n" + strings.Join(parts, ";\n\n") + ";\n"
	file := filepath.Join("..", "docs", "schema.sql")
	if os.Getenv("QIAO_WRITE_SCHEMA") != "" {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("docs/schema.sql is not the schema of the migrations (%v): QIAO_WRITE_SCHEMA=1 go test ./migrations", err)
	}
}
