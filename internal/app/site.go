package app

import (
	"encoding/json"
	"fmt"
	"net/http"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// healthz says that the program runs; readyz, that it can serve.
func (a *App) healthz(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "alive") }

func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	if err := a.db.Ping(r.Context()); err != nil || !a.ready.Load() {
		writeText(w, http.StatusServiceUnavailable, "not ready")
		return
	}
	writeText(w, http.StatusOK, "ready")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // the caller may have gone
}

func writeJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}

func (a *App) savePrefs(w http.ResponseWriter, r *http.Request) error {
	ui.SavePrefs(w, r, a.cfg.Secure())
	return nil
}

func (a *App) showAPI(w http.ResponseWriter, r *http.Request) error {
	return web.Page(w, r, http.StatusOK, apiPage(a.api.OpenAPI()))
}

func (a *App) openAPI(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, a.api.OpenAPI())
}

func (a *App) robots(w http.ResponseWriter, _ *http.Request) error {
	writeText(w, http.StatusOK, "User-agent: *\nDisallow: /desk\nDisallow: /account\nSitemap: "+a.cfg.Public+"/sitemap.xml")
	return nil
}

func (a *App) webManifest(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/manifest+json")
	type icon struct {
		Src   string `json:"src"`
		Sizes string `json:"sizes"`
		Type  string `json:"type"`
	}
	return json.NewEncoder(w).Encode(map[string]any{
		"name": i18n.T(r.Context(), "桥"), "short_name": i18n.T(r.Context(), "桥"), "start_url": "/", "display": "standalone", "background_color": "#ffffff", "theme_color": "#0c2a5e",
		"icons": []icon{{a.assets.URL("logo.svg"), "any", "image/svg+xml"}},
	})
}

// wellKnown is the node's public identity. Keys come with federation.
func (a *App) wellKnown(w http.ResponseWriter, _ *http.Request) error {
	return writeJSON(w, map[string]any{"software": "qiao", "version": Version, "region": a.cfg.Region, "name_zh": a.regionZH, "name_en": a.regionEN, "address": a.cfg.Public, "api": a.cfg.Public + "/api/openapi.json"})
}
