package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// level says who may import whom: a folder imports only folders below it. An unlisted folder fails.
var level = map[string]int{
	"platform":  0,
	"identity":  1,
	"catalogue": 2, "voucher": 2, "roster": 2, "facts": 2,
	"settle":  3,
	"booking": 3, "pricing": 3, "contract": 3, "invoice": 3, "fund": 3,
	"payout": 3,
	"match":  3, "policy": 3, "provider": 3, "expert": 3, "duplicate": 3, "exchange": 3, "find": 3,
	"order":   4,
	"message": 5, "stats": 5, "gate": 5, "onsite": 5, "record": 5, "scrutiny": 5, "observe": 5, "campus": 5, "sample": 5, "talk": 5, "review": 5, "agenda": 5, "usage": 5, "remind": 5,
	"paper":     5,
	"quote":     5,
	"milestone": 3,
	"waiting":   5,
	"behalf":    5,
	"demo":      6,
	"app":       7,
	"scenario":  8,
	"series":    5,
}

// sources calls fn for every Go file below internal that a person wrote.
func sources(t *testing.T, fn func(path, room string)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_templ.go") {
			return err
		}
		n++
		fn(path, strings.Split(filepath.ToSlash(path), "/")[1])
		return nil
	})
	if err != nil || n < 100 {
		t.Fatalf("only %d files seen: the walk is broken (%v)", n, err)
	}
}

func TestImportsPointDown(t *testing.T) {
	sources(t, func(path, room string) {
		from, known := level[room]
		if !known {
			t.Errorf("%s: the folder %s has no level", path, room)
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			rest, ours := strings.CutPrefix(strings.Trim(imp.Path.Value, `"`), "qiao/internal/")
			if !ours {
				continue
			}
			to, _, _ := strings.Cut(rest, "/")
			toLevel, known := level[to]
			if !known || to != room && toLevel >= from {
				t.Errorf("%s: %s (level %d) must not import %s (level %d)", path, room, from, rest, toLevel)
			}
		}
	})
}

// tableName finds the tables a statement names: module_thing after FROM, JOIN, INTO, UPDATE or TABLE.
var tableName = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+([a-z]+)_[a-z_]+`)

// platformTables are the prefixes of the platform's own tables and who may name them.
var platformTables = map[string]string{"outbox": "platform", "audit": "platform", "web": "platform", "job": "platform", "number": "platform"}

func TestSQLNamesOwnTablesOnly(t *testing.T) {
	found := 0
	sources(t, func(path, room string) {
		if strings.HasSuffix(path, "_test.go") || room == "scenario" {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			for _, m := range tableName.FindAllStringSubmatch(lit.Value, -1) {
				owner := strings.ToLower(m[1])
				if p, ok := platformTables[owner]; ok {
					owner = p
				}
				if _, isModule := level[owner]; !isModule {
					continue // a catalogue of the engine, a common table expression
				}
				found++
				if owner != room {
					t.Errorf("%s: SQL names a table of %s: %s", path, owner, m[0])
				}
			}
			return true
		})
	})
	if found < 50 {
		t.Fatalf("only %d table names found: the scan is broken", found)
	}
}

func TestEveryPackageIsDocumentedOnce(t *testing.T) {
	docs := map[string]int{}
	for _, root := range []string{"..", "../../cmd", "../../tools", "../../data", "../../migrations"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
			if err != nil {
				return err
			}
			dir := filepath.Dir(path)
			docs[dir] += 0
			if f.Doc != nil && (strings.HasPrefix(f.Doc.Text(), "Package ") || strings.HasPrefix(f.Doc.Text(), "Command ")) {
				docs[dir]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for dir, n := range docs {
		if n != 1 {
			t.Errorf("%s has %d package comments, want one", dir, n)
		}
	}
}

// The stops of the budgets: a file of more than 500 lines wants to be two rooms.
func TestFilesAreShort(t *testing.T) {
	sources(t, func(path, _ string) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), "\n"); n > 500 {
			t.Errorf("%s has %d lines", path, n)
		}
	})
}
