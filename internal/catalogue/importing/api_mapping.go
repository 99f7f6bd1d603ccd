package importing

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"

	"qiao/internal/catalogue/columns"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/web"
)

// apiMappings registers the calls about what the columns of an owner's spreadsheets mean.
func (s *Service) apiMappings(g *web.APIGroup, op func(method, path, summary, description string) web.Op) {
	web.API(g, op("GET", "/mappings", "列对应表", "What an organisation has saved about the columns of its own spreadsheets, by name."), s.apiListMappings)
	save := op("POST", "/mappings", "保存列对应表", "The same name again replaces it. A file with the same set of headings is read by it from then on.")
	save.Status = http.StatusCreated
	web.API(g, save, s.apiSaveMapping)
	remove := op("DELETE", "/mappings/{id}", "删除列对应表", "Imports made by it stay as they are.")
	remove.Status = http.StatusNoContent
	web.API(g, remove, s.apiDeleteMapping)
	web.API(g, op("POST", "/mappings/proposal", "提出列对应", "The body is a file (xlsx, csv, tsv, json); nothing is kept. The answer proposes what its columns are, as POST /mappings takes it."), s.apiPropose)
}

type mappingBody struct {
	ID     string `json:"id"`
	Org    string `json:"org"`
	Name   string `json:"name"`
	At     string `json:"at"`
	UsedAt string `json:"used_at,omitempty" doc:"When a file was read by it last"`
	Plan   Plan   `json:"plan"`
}

func wireMapping(m Mapping) mappingBody {
	out := mappingBody{ID: m.ID, Org: m.Org, Name: m.Name, At: m.At.String(), Plan: m.Plan}
	if !m.UsedAt.IsZero() {
		out.UsedAt = m.UsedAt.String()
	}
	return out
}

type mappingsIn struct {
	Org string `query:"org" doc:"Whose; the acting organisation where left out"`
}

type mappingsOut struct {
	Body struct {
		Items []mappingBody `json:"items"`
	}
}

func (s *Service) apiListMappings(ctx context.Context, in *mappingsIn) (*mappingsOut, error) {
	sub := identity.SubjectOf(ctx)
	list, err := s.Mappings(ctx, sub, cmp.Or(in.Org, sub.Org))
	if err != nil {
		return nil, err
	}
	out := &mappingsOut{}
	out.Body.Items = []mappingBody{}
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, wireMapping(m))
	}
	return out, nil
}

type mappingSaveIn struct {
	Body struct {
		Org  string `json:"org,omitempty" doc:"Whose; the acting organisation where left out"`
		Name string `json:"name" doc:"At most 60 characters"`
		Plan Plan   `json:"plan"`
	}
}

type mappingOut struct{ Body mappingBody }

func (s *Service) apiSaveMapping(ctx context.Context, in *mappingSaveIn) (*mappingOut, error) {
	sub := identity.SubjectOf(ctx)
	m, err := s.SaveMapping(ctx, sub, cmp.Or(in.Body.Org, sub.Org), in.Body.Name, in.Body.Plan)
	if err != nil {
		return nil, err
	}
	return &mappingOut{wireMapping(m)}, nil
}

type mappingIDIn struct {
	ID string `path:"id"`
}

func (s *Service) apiDeleteMapping(ctx context.Context, in *mappingIDIn) (*struct{}, error) {
	_, err := s.DeleteMapping(ctx, identity.SubjectOf(ctx), in.ID)
	return nil, err
}

type proposalIn struct {
	Kind        string `query:"kind" doc:"Forces a kind; left out: the one that explains most"`
	Name        string `query:"name" doc:"Of the file; it may speak of the kind"`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/octet-stream"`
}

type proposalOut struct {
	Body struct {
		HeadingRow int              `json:"heading_row"`
		Proposed   []proposedColumn `json:"proposed" doc:"In the order of the file"`
		Plan       Plan             `json:"plan"`
	}
}

type proposedColumn struct {
	Heading string   `json:"heading"`
	Samples []string `json:"samples" doc:"Three different values at most"`
	Target  string   `json:"target" doc:"Empty: better left out"`
	Sure    string   `json:"sure" enum:"certain,likely,open"`
}

func (s *Service) apiPropose(ctx context.Context, in *proposalIn) (*proposalOut, error) {
	name, body, err := uploaded(in.ContentType, bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(body) // of what is in memory already
	if err != nil {
		return nil, fault.New(fault.BadRequest, "no-file", "文件没有上传完整，请重新上传。").Because(err)
	}
	if _, ok := s.kinds.Find(in.Kind); in.Kind != "" && !ok {
		return nil, fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", in.Kind)
	}
	name = cmp.Or(in.Name, name, "upload")
	f := &file{bytes.NewReader(data), int64(len(data)), func() error { return nil }}
	t, err := s.readPlanned(ctx, identity.SubjectOf(ctx).Org, name, "", f, Plan{})
	if err != nil {
		return nil, err
	}
	defer t.close() //nolint:errcheck // memory only
	rows, _, err := firstRows(t)
	if err != nil {
		return nil, err
	}
	p := s.proposer.Propose(name, t.headings, cellsOf(rows), in.Kind)
	out := &proposalOut{}
	out.Body.HeadingRow, out.Body.Plan, out.Body.Proposed = t.headingRow, planOf(p), []proposedColumn{}
	for _, c := range p.Columns {
		out.Body.Proposed = append(out.Body.Proposed, proposedColumn{c.Heading, orEmpty(c.Samples), c.Target, map[columns.Sure]string{columns.Certain: "certain", columns.Likely: "likely", columns.Open: "open"}[c.Sure]})
	}
	return out, nil
}

// firstRows reads the rows of a table that are looked at, and tells whether there are more: so many at most, and fewer where
// they are long.
func firstRows(t *table) (out []sheet.Row, more bool, err error) {
	size := 0
	for len(out) < looked && size < lookedBytes {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			return out, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		for _, c := range row.Cells {
			size += len(c)
		}
		out = append(out, row)
	}
	return out, true, nil
}

// leftOut tells whether a target is none.
func leftOut(target string) bool { return target == "" || target == kinds.TargetNone }
