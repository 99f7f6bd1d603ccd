package catalogue

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
)

type importIn struct {
	Format      string `query:"format" doc:"nrii, uniquip or qiao force a template; xlsx, csv or nothing: the headings decide"`
	Kind        string `query:"kind" doc:"Forces a kind"`
	Org         string `query:"org" doc:"Whose resources; the acting organisation where left out"`
	Name        string `query:"name" doc:"Of the file"`
	DryRun      bool   `query:"dry_run" doc:"Report what would happen, change nothing"`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/octet-stream"`
}

type importOut struct{ Body importBody }

func (s *Service) apiImport(ctx context.Context, in *importIn) (*importOut, error) {
	sub := identity.SubjectOf(ctx)
	name, data, err := uploaded(in.ContentType, in.RawBody)
	if err != nil {
		return nil, err
	}
	req := ImportRequest{Org: cmp.Or(in.Org, sub.Org), Format: in.Format, Kind: in.Kind, Name: cmp.Or(in.Name, name, "upload"), Reader: bytes.NewReader(data), DryRun: in.DryRun}
	r, err := s.Import(ctx, sub, req)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, r)}, nil
}

// uploaded is the body itself, or the first file of a multipart form.
func uploaded(contentType string, body []byte) (name string, data []byte, err error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return "", body, nil
	}
	parts := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		p, err := parts.NextPart()
		if err != nil {
			return "", nil, fault.New(fault.BadRequest, "no-file", "表单里没有文件，请选择要导入的文件。").Because(err)
		}
		if p.FileName() == "" {
			continue
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return "", nil, fault.New(fault.BadRequest, "no-file", "文件没有上传完整，请重新上传。").Because(err)
		}
		return p.FileName(), data, nil
	}
}

func (s *Service) apiReport(ctx context.Context, in *resourceIDIn) (*importOut, error) {
	r, err := s.Report(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, r)}, nil
}
