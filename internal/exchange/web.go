package exchange

import (
	"embed"
	"net/http"
	"slices"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

var t = i18n.T

// schemas are the XML schemas of our own metadata formats.
//
//go:embed schemas/*.xsd
var schemas embed.FS

// Routes are the module's addresses.
func (s *Service) Routes() []web.Route {
	open := func(pattern string, h web.Handler) web.Route {
		return web.Route{Pattern: pattern, Action: "exchange.open", Handle: h}
	}
	out := []web.Route{
		open("GET /oai", s.serveOAI),
		{Pattern: "POST /oai", Action: "exchange.open", Handle: s.serveOAI, Fresh: true}, // a question asked by POST; it changes nothing
		open("GET /oai/{schema}", s.showSchema),
		open("GET /sitemap.xml", s.showSitemap),
		open("GET /sitemap/{part}", s.showSitemapPart),
		open("GET /feed.atom", s.showFeed),
		{Pattern: "GET /api/v1/resources/export", Action: "exchange.open", Handle: s.showFile, API: true},
	}
	return slices.Concat(out, s.deskRoutes(), s.reportRoutes())
}

// showSchema serves the XML schema of one of our metadata formats.
func (s *Service) showSchema(w http.ResponseWriter, r *http.Request) error {
	b, err := schemas.ReadFile("schemas/" + r.PathValue("schema"))
	if err != nil {
		return fault.New(fault.NotFound, "not-found", "没有找到这个页面，可能地址有误或内容已移动。可以返回首页或使用搜索。")
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err = w.Write(b)
	return err
}
