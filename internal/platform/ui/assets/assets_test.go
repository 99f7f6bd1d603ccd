package assets

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func sample(t *testing.T) *Set {
	t.Helper()
	s, err := Open(fstest.MapFS{
		"manifest.json": {Data: []byte(`{"app.css":"app.AB.css"}`)},
		"app.AB.css":    {Data: []byte("body{}")},
		"app.AB.css.br": {Data: []byte("br")},
		"app.AB.css.gz": {Data: []byte("gz")},
		"icons.CD.svg":  {Data: []byte("<svg/>")},
		".stamp":        {Data: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(s *Set, path, accept, none string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.Header.Set("Accept-Encoding", accept)
	if none != "" {
		r.Header.Set("If-None-Match", none)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServe(t *testing.T) {
	s := sample(t)
	if s.URL("app.css") != "/assets/app.AB.css" {
		t.Errorf("address %s", s.URL("app.css"))
	}
	for _, tc := range []struct {
		path, accept, body, coding string
		status                     int
	}{
		{"/assets/app.AB.css", "gzip, br", "br", "br", 200},
		{"/assets/app.AB.css", "gzip", "gz", "gzip", 200},
		{"/assets/app.AB.css", "", "body{}", "", 200},
		{"/assets/icons.CD.svg", "br", "<svg/>", "", 200},
		{"/assets/app.AB.css.br", "br", "", "", 404},
		{"/assets/manifest.json", "", "", "", 404},
		{"/assets/.stamp", "", "", "", 404},
		{"/assets/../app.css", "", "", "", 404},
		{"/assets/none.css", "", "", "", 404},
	} {
		w := get(s, tc.path, tc.accept, "")
		if w.Code != tc.status || w.Header().Get("Content-Encoding") != tc.coding || tc.status == 200 && w.Body.String() != tc.body {
			t.Errorf("%s (%s): %d %s %q", tc.path, tc.accept, w.Code, w.Header().Get("Content-Encoding"), w.Body)
		}
	}
	tag := get(s, "/assets/app.AB.css", "br", "").Header().Get("ETag")
	if w := get(s, "/assets/app.AB.css", "br", tag); w.Code != http.StatusNotModified {
		t.Errorf("with its ETag %s: %d", tag, w.Code)
	}
}

func TestFile(t *testing.T) {
	s := sample(t)
	for name, want := range map[string]int{"app.css": http.StatusOK, "none.js": http.StatusNotFound} {
		w := httptest.NewRecorder()
		s.File(name, "text/css").ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", http.NoBody))
		if w.Code != want {
			t.Errorf("%s: %d, want %d", name, w.Code, want)
		}
	}
}

func TestOpenWithoutBuild(t *testing.T) {
	if _, err := Open(fstest.MapFS{}); err == nil {
		t.Error("no error without a manifest")
	}
}
