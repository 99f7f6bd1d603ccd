// Package assets serves the style sheet, scripts and icons from the binary: under names that carry their hash, so that
// a browser keeps them for ever, and compressed beforehand. `go run ./tools/build` makes them.
package assets

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var embedded embed.FS

// Prefix is the path all assets lie under.
const Prefix = "/assets/"

// Set is the assets of one build.
type Set struct {
	files fs.FS
	names map[string]string
}

// Load reads the assets in the binary. Without a manifest (no build was made) it tells how to make one.
func Load() (*Set, error) {
	files, err := fs.Sub(embedded, "dist")
	if err != nil {
		return nil, fmt.Errorf("open assets: %w", err)
	}
	return Open(files)
}

// Open reads the assets in a folder.
func Open(files fs.FS) (*Set, error) {
	manifest, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the assets are not built, run `go run ./tools/build` and build again: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("read the manifest of the assets: %w", err)
	}
	s := &Set{files: files}
	if err := json.Unmarshal(manifest, &s.names); err != nil {
		return nil, fmt.Errorf("read the manifest of the assets: %w", err)
	}
	return s, nil
}

// URL is the address of an asset by its plain name ("app.css"). A name that is not there gives an address that is not
// found, which the browser tests report.
func (s *Set) URL(name string) string {
	if hashed, ok := s.names[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// ServeHTTP serves an asset under Prefix with the best encoding the browser takes.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), Prefix)
	kind, known := contentType(name)
	if !known {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	for _, coding := range s.codings(r) {
		content, err := fs.ReadFile(s.files, name+coding.suffix)
		if err != nil {
			continue
		}
		h.Set("Content-Type", kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", `"`+name+coding.suffix+`"`) // the name carries the hash of the content
		if coding.name != "" {
			h.Set("Content-Encoding", coding.name)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
		return
	}
	http.NotFound(w, r)
}

// File serves one asset under an address of its own, for what must not lie under Prefix (a service worker governs the
// folder it is in). It is asked for anew each time.
func (s *Set) File(name, kind string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, err := fs.ReadFile(s.files, s.names[name])
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

type coding struct{ name, suffix string }

func (s *Set) codings(r *http.Request) []coding {
	accept := r.Header.Get("Accept-Encoding")
	var out []coding
	for _, c := range []coding{{"br", ".br"}, {"gzip", ".gz"}} {
		if strings.Contains(accept, c.name) {
			out = append(out, c)
		}
	}
	return append(out, coding{})
}

// contentType knows the kinds of assets there are; nothing else is served.
func contentType(name string) (string, bool) {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8", true
	case ".js":
		return "text/javascript; charset=utf-8", true
	case ".svg":
		return "image/svg+xml", true
	}
	return "", false
}
