package importing

import (
	"cmp"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, path, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1" + path, Action: "resource.import", Tag: "resource", Summary: summary, Description: description, Private: true}
	}
	upload := op("POST", "/imports", "批量导入资源",
		"The body is the file itself (xlsx, csv, tsv, JSON of the national platform, PIDINST in XML or JSON, BibTeX, RIS, or our own records, one JSON object a line) or a multipart form with the file. Good rows are in at once, bad rows are listed; the same file again makes no duplicates. A large file is taken in behind the answer: its status is running.")
	upload.MaxBody, upload.Upload = s.MaxFile+formRest, []string{"application/octet-stream", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/json", "application/x-ndjson", "application/xml", "application/x-bibtex", "application/x-research-info-systems", "multipart/form-data"}
	web.API(g, upload, s.apiImport)
	s.apiMappings(g, op)
	s.apiUndo(g, op)
	s.apiMend(g, op)
	web.API(g, op("GET", "/imports/{id}", "导入结果", "How far it has come, and what is wrong with rejected rows."), s.apiReport)
}

type importIDIn struct {
	ID string `path:"id"`
}

type importIn struct {
	Format      string `query:"format" doc:"nrii, uniquip, pidinst, qiao, bibtex or ris force a format; xlsx, csv, json, xml or nothing: content and headings decide"`
	Kind        string `query:"kind" doc:"Forces a kind"`
	Org         string `query:"org" doc:"Whose resources; the acting organisation where left out"`
	Name        string `query:"name" doc:"Of the file"`
	Mapping     string `query:"mapping" doc:"Id or name of a saved mapping that says what the columns are; left out: a saved one for the same set of headings is found by itself"`
	DryRun      bool   `query:"dry_run" doc:"Report what would happen, change nothing"`
	ContentType string `header:"Content-Type"`
	web.Stream
}

type importOut struct{ Body importBody }

func (s *Service) apiImport(ctx context.Context, in *importIn) (*importOut, error) {
	sub := identity.SubjectOf(ctx)
	name, file, err := uploaded(in.ContentType, in.Reader)
	if err != nil {
		return nil, err
	}
	req := Request{Org: cmp.Or(in.Org, sub.Org), Format: cmp.Or(in.Format, FormatOf(in.ContentType)), Kind: in.Kind, Mapping: in.Mapping, Name: cmp.Or(in.Name, name, "upload"), Reader: file, DryRun: in.DryRun, Behind: true}
	r, err := s.Import(ctx, sub, req)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, r)}, nil
}

// uploaded is the body itself, or the first file of a multipart form, as it comes.
func uploaded(contentType string, body io.Reader) (name string, file io.Reader, err error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return "", body, nil
	}
	parts := multipart.NewReader(body, params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			return "", nil, fault.New(fault.BadRequest, "no-file", "表单里没有文件，请选择要导入的文件。").Because(err)
		}
		if p.FileName() != "" {
			return p.FileName(), p, nil
		}
	}
}

func (s *Service) apiReport(ctx context.Context, in *importIDIn) (*importOut, error) {
	r, err := s.Report(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, r)}, nil
}

// importBody is the report of an import on the wire.
type importBody struct {
	ID        string        `json:"id"`
	Org       string        `json:"org"`
	Name      string        `json:"name" doc:"Of the file"`
	Format    string        `json:"format" doc:"Template or format recognised: nrii, uniquip, pidinst, bibtex, ris, lines (our own records) or qiao; mapping: the owner has said what the columns are"`
	Kind      string        `json:"kind"`
	Status    string        `json:"status" doc:"running cancelled failed done"`
	DryRun    bool          `json:"dry_run"`
	Total     int64         `json:"total" doc:"Rows; each is counted once below"`
	Accepted  int64         `json:"accepted" doc:"Rows that are new"`
	Updated   int64         `json:"updated" doc:"Rows that changed something"`
	Unchanged int64         `json:"unchanged" doc:"Rows that were in already"`
	Rejected  int64         `json:"rejected" doc:"Rows with an error"`
	Ignored   []string      `json:"ignored" doc:"Headings without a meaning here"`
	Errors    []importError `json:"errors"`
	Undo      *undoBody     `json:"undo,omitempty" doc:"It was taken back"`
}

type importError struct {
	Row    int64  `json:"row" doc:"As the spreadsheet program numbers it"`
	Column string `json:"column" doc:"Heading as in the file; empty: the whole row"`
	Code   string `json:"code"`
	Text   string `json:"text"`
}

func wireReport(ctx context.Context, r Report) importBody {
	out := importBody{
		ID: r.ID, Org: r.Org, Name: r.Name, Format: r.Format, Kind: r.Kind, Status: r.Status, DryRun: r.DryRun, Total: r.Total, Accepted: r.Accepted, Updated: r.Updated,
		Unchanged: r.Unchanged, Rejected: r.Rejected, Ignored: orEmpty(r.Ignored), Errors: []importError{}, Undo: wireUndo(ctx, r.Undo),
	}
	for _, e := range r.Errors {
		out.Errors = append(out.Errors, importError{Row: e.Row, Column: e.Column, Code: e.Code, Text: i18n.T(ctx, e.Text, e.Args...)})
	}
	return out
}

func orEmpty[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}
