package catalogue

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// apiRecord registers the calls about a record's life: review, history, undo, bulk edits and files.
func (s *Service) apiRecord(g *web.APIGroup, op func(method, path, action, summary, description string, private bool) web.Op) {
	web.API(g, op("POST", "/resources/{id}/review", "resource.review", "审核提交的资源", "decision approve publishes it, return gives it back with a note. Who submitted it cannot review it.", true), s.apiReview)
	web.API(g, op("GET", "/resources/{id}/history", "resource.manage", "修改记录", "Newest first; each change as kept and as people read it. before: the revision the next page starts after.", true), s.apiHistory)
	web.API(g, op("POST", "/resources/{id}/undo", "resource.edit", "撤销一版修改",
		"Takes back what one revision changed, as a new revision. 409 undo-conflict where the same has changed since: its error parts lists what can still be undone; name it in parts.", true), s.apiUndo)
	web.API(g, op("POST", "/resources/bulk", "resource.edit", "批量修改资源",
		"One edit of many resources, by id or by a filter of the owner's list; dry_run shows what it would do. At most 20,000.", true), s.apiBulk)
	web.API(g, op("POST", "/bulk-edits/{id}/undo", "resource.edit", "撤销一次批量修改", "What has changed again since is left alone and listed.", true), s.apiUndoBulk)
	upload := op("POST", "/resources/{id}/files", "resource.edit", "上传照片或文件", "Multipart: file, and title, which a photo needs. JPEG, PNG and GIF up to 5 MB are drawn anew; PDF and office files up to 20 MB.", true)
	upload.Status = http.StatusCreated
	web.API(g, upload, s.apiAddFile)
	remove := op("DELETE", "/resources/{id}/files/{file}", "resource.edit", "删除照片或文件", "", true)
	remove.Status = http.StatusNoContent
	web.API(g, remove, s.apiRemoveFile)
}

type resourceReviewIn struct {
	ID   string `path:"id"`
	Body struct {
		Decision string `json:"decision" enum:"approve,return"`
		Note     string `json:"note,omitempty" doc:"Needed to return"`
	}
}

func (s *Service) apiReview(ctx context.Context, in *resourceReviewIn) (*resourceOut, error) {
	r, err := s.Review(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Decision, in.Body.Note)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, r)
}

type resourceHistoryIn struct {
	ID     string `path:"id"`
	Before int64  `query:"before" minimum:"0" doc:"Revision; only older ones"`
}

type revisionBody struct {
	Revision int64        `json:"revision"`
	At       string       `json:"at"`
	Actor    string       `json:"actor" doc:"Name of the person; empty: the system"`
	Verb     string       `json:"verb"`
	Cause    string       `json:"cause,omitempty" doc:"The import or bulk edit, or undo: and the revision taken back"`
	Undo     bool         `json:"undo" doc:"It can be tried to take it back"`
	Changes  []changeBody `json:"changes"`
}

type changeBody struct {
	Field string `json:"field"`
	Label string `json:"label"`
	From  string `json:"from" doc:"As people read it; empty: nothing"`
	To    string `json:"to"`
}

type resourceHistoryOut struct {
	Body struct {
		Items []revisionBody `json:"items"`
		Next  int64          `json:"next" doc:"before of the next page; 0 at the end"`
	}
}

func (s *Service) apiHistory(ctx context.Context, in *resourceHistoryIn) (*resourceHistoryOut, error) {
	list, next, err := s.History(ctx, identity.SubjectOf(ctx), in.ID, in.Before)
	if err != nil {
		return nil, err
	}
	out := &resourceHistoryOut{}
	out.Body.Items, out.Body.Next = []revisionBody{}, next
	for _, x := range list {
		b := revisionBody{Revision: x.Revision.Revision, At: x.At.Format(time.RFC3339), Actor: x.Who, Verb: x.Verb, Cause: x.Cause, Undo: x.Undo, Changes: []changeBody{}}
		for _, c := range x.Changes {
			b.Changes = append(b.Changes, changeBody(c))
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

type resourceUndoIn struct {
	ID   string `path:"id"`
	Body struct {
		Revision int64    `json:"revision" minimum:"1"`
		Parts    []string `json:"parts,omitempty" doc:"Names of the fields to take back; all where left out"`
	}
}

func (s *Service) apiUndo(ctx context.Context, in *resourceUndoIn) (*resourceOut, error) {
	r, err := s.Undo(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Revision, in.Body.Parts)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, r)
}

type bulkIn struct {
	Body struct {
		IDs    []string `json:"ids,omitempty" maxItems:"20000"`
		Filter *struct {
			Q         string `json:"q,omitempty"`
			Kind      string `json:"kind,omitempty"`
			Status    string `json:"status,omitempty"`
			Freshness string `json:"freshness,omitempty" doc:"fresh, due, stale, never, or check: due, stale and never"`
		} `json:"filter,omitempty" doc:"All that the owner's list finds, instead of ids"`
		BulkEdit
		DryRun bool `json:"dry_run,omitempty"`
	}
}

type bulkRowBody struct {
	Resource string `json:"resource"`
	Name     string `json:"name"`
	Field    string `json:"field"`
	From     string `json:"from"`
	To       string `json:"to"`
	Problem  string `json:"problem,omitempty" doc:"Why it is left alone"`
}

type bulkOut struct {
	Body struct {
		ID        string        `json:"id,omitempty" doc:"By which it is undone; none for a dry run"`
		Changed   int64         `json:"changed"`
		Unchanged int64         `json:"unchanged" doc:"They say so already"`
		Refused   int64         `json:"refused"`
		Rows      []bulkRowBody `json:"rows" doc:"The first 20 that change or are refused"`
	}
}

func (s *Service) apiBulk(ctx context.Context, in *bulkIn) (*bulkOut, error) {
	sub := identity.SubjectOf(ctx)
	b := Bulk{IDs: in.Body.IDs, BulkEdit: in.Body.BulkEdit}
	if f := in.Body.Filter; f != nil {
		b.Found = &OwnQuery{Text: f.Q, Kind: f.Kind, Status: f.Status, Fresh: f.Freshness}
	}
	if in.Body.DryRun {
		out, err := s.PreviewBulk(ctx, sub, b)
		return s.wireBulk(ctx, out), err
	}
	out, err := s.ApplyBulk(ctx, sub, web.RequestKey(ctx), b)
	return s.wireBulk(ctx, out), err
}

func (s *Service) wireBulk(ctx context.Context, o BulkOutcome) *bulkOut {
	out := &bulkOut{}
	out.Body.ID, out.Body.Changed, out.Body.Unchanged, out.Body.Refused, out.Body.Rows = o.ID, o.Changed, o.Unchanged, o.Refused, []bulkRowBody{}
	for i, x := range s.bulkRows(ctx, o.Rows) {
		row := o.Rows[i]
		out.Body.Rows = append(out.Body.Rows, bulkRowBody{Resource: row.Resource.ID, Name: i18n.Pick(ctx, row.Resource.NameZH, row.Resource.NameEN), Field: row.Part, From: x.From, To: x.To, Problem: x.Problem})
	}
	return out
}

func (s *Service) apiUndoBulk(ctx context.Context, in *resourceIDIn) (*bulkOut, error) {
	out, err := s.UndoBulk(ctx, identity.SubjectOf(ctx), in.ID)
	return s.wireBulk(ctx, out), err
}

type fileForm struct {
	File  huma.FormFile `form:"file" required:"true"`
	Title string        `form:"title"`
}

type resourceFileIn struct {
	ID      string `path:"id"`
	RawBody huma.MultipartFormFiles[fileForm]
}

type resourceFileOut struct{ Body fileBody }

func (s *Service) apiAddFile(ctx context.Context, in *resourceFileIn) (*resourceFileOut, error) {
	data := in.RawBody.Data()
	f, err := s.AddFile(ctx, identity.SubjectOf(ctx), in.ID, web.RequestKey(ctx), Upload{Name: data.File.Filename, Title: data.Title, Body: data.File})
	if err != nil {
		return nil, err
	}
	return &resourceFileOut{s.wireFile(f)}, nil
}

type resourceFileIDIn struct {
	ID   string `path:"id"`
	File string `path:"file"`
}

func (s *Service) apiRemoveFile(ctx context.Context, in *resourceFileIDIn) (*struct{}, error) {
	return nil, s.RemoveFile(ctx, identity.SubjectOf(ctx), in.ID, in.File)
}
