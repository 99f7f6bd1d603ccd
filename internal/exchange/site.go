package exchange

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// perSitemap is how many addresses one part has: the protocol allows no more.
const perSitemap = 50_000

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// showSitemap is the index of the sitemap's parts.
func (s *Service) showSitemap(w http.ResponseWriter, r *http.Request) error {
	var live db.Where
	live.And("deleted = ?", false)
	n, err := countListed(r.Context(), s.DB, &live)
	if err != nil {
		return err
	}
	var x format.XML
	x.Raw(xml.Header).Open("sitemapindex", "xmlns", sitemapNamespace)
	x.Open("sitemap").Leaf("loc", s.Address+"/sitemap/pages.xml").Close()
	for part := 1; int64(part-1)*perSitemap < n; part++ {
		x.Open("sitemap").Leaf("loc", fmt.Sprintf("%s/sitemap/resources-%d.xml", s.Address, part)).Close()
	}
	return writeXML(w, "application/xml", x.Close().String())
}

// showSitemapPart is one part: the portal's own pages, or some of the resources with the day of their last change.
func (s *Service) showSitemapPart(w http.ResponseWriter, r *http.Request) error {
	var x format.XML
	x.Raw(xml.Header).Open("urlset", "xmlns", sitemapNamespace)
	part := r.PathValue("part")
	if part == "pages.xml" {
		for _, path := range s.Front {
			x.Open("url").Leaf("loc", s.Address+path).Close()
		}
		return writeXML(w, "application/xml", x.Close().String())
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(part, "resources-"), ".xml"))
	if err != nil || n < 1 || n > 10_000 || part != fmt.Sprintf("resources-%d.xml", n) {
		return fault.New(fault.NotFound, "not-found", "没有找到这个页面，可能地址有误或内容已移动。可以返回首页或使用搜索。")
	}
	rows, err := livePart(r.Context(), s.DB, (n-1)*perSitemap, perSitemap)
	if err != nil {
		return err
	}
	for _, l := range rows {
		x.Open("url").Leaf("loc", s.Address+"/resources/"+l.Resource).Leaf("lastmod", l.Datestamp).Close()
	}
	return writeXML(w, "application/xml", x.Close().String())
}

func writeXML(w http.ResponseWriter, kind, text string) error {
	w.Header().Set("Content-Type", kind+"; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_, err := io.WriteString(w, text)
	return err
}

// perFeed is how many entries a feed has.
const perFeed = 50

// showFeed is the Atom feed of new and changed resources, of all or of a search with the same parameters.
func (s *Service) showFeed(w http.ResponseWriter, r *http.Request) error {
	records, err := s.newest(r.Context(), r)
	if err != nil {
		return err
	}
	self := s.Address + "/feed.atom"
	page := s.Address + "/resources"
	title := s.name()
	if r.URL.RawQuery != "" {
		self, page = self+"?"+r.URL.RawQuery, page+"?"+r.URL.RawQuery
		title += strings.TrimRight(": "+r.URL.Query().Get("q"), ": ")
	}
	updated := s.Clock.Now()
	if len(records) > 0 {
		updated = records[0].Changed
	}
	var x format.XML
	x.Raw(xml.Header).Open("feed", "xmlns", "http://www.w3.org/2005/Atom").Leaf("title", title).Leaf("id", self).Leaf("updated", secondOf(updated))
	x.Open("link", "rel", "self", "type", "application/atom+xml", "href", self).Close().Open("link", "rel", "alternate", "type", "text/html", "href", page).Close()
	x.Open("author").Leaf("name", s.name()).Close()
	for _, e := range records {
		name := e.Name()
		if e.Sample {
			name += " [示例 Sample]" //i18n:data the mark of invented records in both languages
		}
		x.Open("entry").Leaf("title", name).Leaf("id", e.Link).Leaf("updated", secondOf(e.Changed))
		x.Open("link", "rel", "alternate", "type", "text/html", "href", e.Link).Close()
		x.Open("author").Leaf("name", e.Owner.Name()).Close()
		x.Open("category", "term", e.Kind.Name, "label", e.Kind.ZH).Close()
		x.Some("summary", clipProse(e.Summary)).Some("rights", e.Licence).Close()
	}
	return writeXML(w, "application/atom+xml", x.Close().String())
}

// newest are the records of a feed, the last changed first.
func (s *Service) newest(ctx context.Context, r *http.Request) ([]format.Record, error) {
	if r.URL.RawQuery != "" {
		q := catalogue.QueryOf(r.URL.Query())
		q.Sort = catalogue.SortNewest
		var out []format.Record
		_, err := s.Catalogue.Each(ctx, q, perFeed, func(l []format.Record) error { out = append(out, l...); return nil })
		return out, err
	}
	rows, err := newestListed(ctx, s.DB, perFeed)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, l := range rows {
		ids[i] = l.Resource
	}
	return s.Catalogue.Records(ctx, s.DB, ids)
}

func clipProse(text string) string {
	if r := []rune(text); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return text
}
