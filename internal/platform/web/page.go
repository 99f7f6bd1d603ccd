package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
)

// Page renders a whole component before it sends the first byte, so that an error never leaves half
// a page, and answers 304 when the reader has the same bytes already.
func Page(w http.ResponseWriter, r *http.Request, status int, c templ.Component) error {
	var b bytes.Buffer
	if err := c.Render(r.Context(), &b); err != nil {
		return fmt.Errorf("render %s: %w", r.URL.Path, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(i18n.From(r.Context())))
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Accept-Language, Cookie, HX-Request")
	if status == http.StatusOK && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		sum := sha256.Sum256(b.Bytes())
		tag := `W/"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	w.WriteHeader(status)
	_, err := w.Write(b.Bytes())
	return err
}

// fragment tells whether htmx asks for a part of the page only.
func fragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// flashCookie carries one line to the next page; it is no secret and lives for a minute.
const flashCookie = "flash"

// SeeOther ends a write: the browser goes to address (a path of this site), which shows the line text once.
func SeeOther(w http.ResponseWriter, r *http.Request, address, text string, args ...any) error {
	if text != "" {
		line := base64.RawURLEncoding.EncodeToString([]byte(i18n.T(r.Context(), text, args...)))
		http.SetCookie(w, &http.Cookie{Name: flashCookie, Value: line, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	w.Header().Set("Location", Local(address))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// TakeFlash reads the line left by SeeOther and forgets it. Only whole pages take it.
func TakeFlash(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil || fragment(r) || r.Method != http.MethodGet {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(b) > 600 {
		return ""
	}
	return string(b)
}

// Local lets through a path of this site and nothing else.
func Local(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsAny(address, "\\\r\n") {
		return "/"
	}
	return address
}

// EncodeCursor makes the opaque cursor of a list from what its next page starts after.
func EncodeCursor(parts ...string) string {
	b, err := json.Marshal(parts)
	if err != nil { // strings always marshal
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads a cursor of n parts; "" gives n empty ones; anything else is a fault bad-cursor.
func DecodeCursor(cursor string, n int) ([]string, error) {
	parts := make([]string, n)
	if cursor == "" {
		return parts, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		parts = nil
		err = json.Unmarshal(b, &parts)
	}
	if err != nil || len(parts) != n {
		return nil, fault.New(fault.BadRequest, "bad-cursor", "翻页标记（cursor）无效，请从第一页重新开始。")
	}
	return parts, nil
}

type prepared struct{}

// Prepared tells whether ctx has been through Prepare, so that it is done once a request.
func Prepared(ctx context.Context) bool { return ctx.Value(prepared{}) != nil }

// MarkPrepared marks ctx.
func MarkPrepared(ctx context.Context) context.Context {
	return context.WithValue(ctx, prepared{}, true)
}
