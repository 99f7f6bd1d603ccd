package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const iconFolder = "node_modules/@tabler/icons/icons/outline/"

var (
	iconCall      = regexp.MustCompile(`\bIcon(?:\(|:)\s*"([a-z0-9-]+)"`)
	iconAfterPath = regexp.MustCompile(`"/[^"\s]*",\s*"([a-z0-9-]+)"`)
	iconComment   = regexp.MustCompile(`(?m)//icons: ([a-z0-9 -]+)$`)
	svgInner      = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)
	emptyPath     = regexp.MustCompile(`<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>`)
	nextPath      = regexp.MustCompile(`" ?/> <path d="M`)
)

// iconsIn lists the icons a source names: Icon("name"), Icon: "name", a comment //icons: name name, and, in a table of
// places, the word after an address if there is such an icon.
func iconsIn(source []byte) []string {
	var names []string
	for _, m := range iconAfterPath.FindAllSubmatch(source, -1) {
		if _, err := os.Stat(iconFolder + string(m[1]) + ".svg"); err == nil {
			names = append(names, string(m[1]))
		}
	}
	for _, m := range iconCall.FindAllSubmatch(source, -1) {
		names = append(names, string(m[1]))
	}
	for _, m := range iconComment.FindAllSubmatch(source, -1) {
		names = append(names, strings.Fields(string(m[1]))...)
	}
	return names
}

// usedIcons lists every icon the pages name, sorted.
func usedIcons() ([]string, error) {
	set := map[string]bool{}
	err := filepath.WalkDir(pages, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if ext := filepath.Ext(path); ext != ".templ" && ext != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		for _, name := range iconsIn(source) {
			set[name] = true
		}
		return err
	})
	return slices.Sorted(maps.Keys(set)), err
}

// sprite packs icons into one file of symbols.
func sprite(names []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, name := range names {
		icon, err := os.ReadFile(iconFolder + name + ".svg")
		if err != nil {
			return nil, fmt.Errorf("no icon %q in @tabler/icons (https://tabler.io/icons): %w", name, err)
		}
		inner := svgInner.FindSubmatch(icon)
		if inner == nil {
			return nil, fmt.Errorf("icon %q is not understood", name)
		}
		body := strings.Join(strings.Fields(emptyPath.ReplaceAllString(string(inner[1]), "")), " ")
		body = nextPath.ReplaceAllString(body, "M")                        // strokes that begin at a place of their own (M) can share one path
		body = strings.NewReplacer(" -", "-", `" />`, `"/>`).Replace(body) // a minus parts numbers by itself
		fmt.Fprintf(&b, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, body)
	}
	b.WriteString(`</svg>`)
	return b.Bytes(), nil
}
