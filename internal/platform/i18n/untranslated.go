package i18n

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// dataMark opens a file (before its package clause), or ends a line, whose Chinese is data and not interface text.
const dataMark = "//i18n:data"

// Untranslated lists, as "path:line: text", every string literal with Chinese characters in the Go files under root
// that has no English in c: also those in the code templ generates, where the text of a page is a literal too, so that
// Chinese written straight into HTML is found. Left out are tests, struct tags, folders named testdata, vendor or
// node_modules, folders that begin with a dot, the folders and files in skip (slash paths below root), and what is
// marked as data by a comment //i18n:data with its reason, before the package clause or at the end of the line.
func Untranslated(root string, c *Catalog, skip ...string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if d.IsDir() {
			if rel != "." && (foreign(d.Name()) || slices.Contains(skip, rel)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") || slices.Contains(skip, rel) {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines, err := untranslatedIn(rel, src, c)
		found = append(found, lines...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for untranslated text in %s: %w", root, err)
	}
	return found, nil
}

func foreign(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "testdata" || folder == "vendor" || folder == "node_modules"
}

func untranslatedIn(name string, src []byte, c *Catalog) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	data := map[int]bool{} // lines marked as data
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if !strings.HasPrefix(comment.Text, dataMark) {
				continue
			}
			if comment.Pos() < file.Package {
				return nil, nil
			}
			data[files.Position(comment.Pos()).Line] = true
		}
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok {
			field.Tag = nil // a tag is read by programs
		}
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		line := files.Position(lit.Pos()).Line
		text, err := strconv.Unquote(lit.Value)
		if err != nil || data[line] || !hasHan(text) {
			return true
		}
		if _, known := c.English(text); !known {
			found = append(found, fmt.Sprintf("%s:%d: %s", name, line, text))
		}
		return true
	})
	return found, nil
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
