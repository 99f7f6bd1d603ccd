package exchange

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
	"qiao/internal/platform/web"
)

// API describes the file of a search, which a plain route streams: its parameters are those of the search.
func (s *Service) API(g *web.APIGroup) {
	var shapes []any
	var media []string
	for _, f := range Formats() {
		m, _ := mediaOf(f)
		shapes, media = append(shapes, f), append(media, m)
	}
	g.Describe(web.Op{
		Method: "GET", Path: "/api/v1/resources/export", Action: "exchange.open", Tag: "resource", Summary: "检索结果的文件",
		Description: "The records that answer a search as a file, at most 100,000, streamed. Only what is public; persistent ids, source and licence are in it. More is harvested at /oai.",
	}, "/api/v1/resources", []string{"limit", "cursor"}, []*huma.Param{{
		Name: "format", In: "query", Required: true, Description: "Format of the file; pidinst, nrii and uniquip hold instruments and facilities, bibtex and ris what is published",
		Schema: &huma.Schema{Type: "string", Enum: shapes},
	}}, media...)
}

// Verify checks that the list of changes holds exactly what is public.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	return s.verify(ctx, q)
}
