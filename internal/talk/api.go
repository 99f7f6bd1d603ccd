package talk

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"qiao/internal/identity"
	"qiao/internal/platform/web"
)

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	op := func(method, action, summary, description string) web.Op {
		return web.Op{Method: method, Path: "/api/v1/orders/{id}/messages", Action: action, Tag: "order", Summary: summary, Description: description, Private: true}
	}
	web.API(g, op(http.MethodGet, "talk.view", "列出订单的留言", "The first first. The parties read them, and the authority while it decides a dispute."), s.apiList)
	say := op(http.MethodPost, "talk.write", "在订单上留言", "To the other side, with files.")
	say.Status = http.StatusCreated
	web.API(g, say, s.apiSay)
	text := &huma.Schema{Type: huma.TypeString}
	g.Describe(web.Op{
		Method: http.MethodGet, Path: filePath, Action: "talk.view", Tag: "order", Summary: "下载留言所附的文件", Private: true,
		Description: "As it was sent, byte for byte: sha256 of the message's file is its hash, and the ETag. Parts of it by Range.",
	}, "", nil, []*huma.Param{{Name: "id", In: "path", Required: true, Schema: text}, {Name: "document", In: "path", Required: true, Schema: text, Description: "Id of the file, from its message"}}, "application/octet-stream")
}

// filePath is where a program downloads a file; the page has an address of its own.
const filePath = "/api/v1/orders/{id}/messages/files/{document}"

type idIn struct {
	ID string `path:"id"`
}

type messageBody struct {
	ID    string     `json:"id"`
	Side  string     `json:"side"`
	Text  string     `json:"text"`
	At    time.Time  `json:"at"`
	Files []fileBody `json:"files,omitempty"`
}

type fileBody struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	URL    string `json:"url" doc:"Where it is downloaded"`
}

type listOut struct {
	Body struct {
		Items  []messageBody `json:"items"`
		Unread int           `json:"unread"`
	}
}

func bodyOf(m Message) messageBody {
	out := messageBody{ID: m.ID, Side: m.Side, Text: m.Text, At: m.At.Time}
	for _, f := range m.Files {
		out.Files = append(out.Files, fileBody{f.ID, f.Name, f.SHA256, f.Size, strings.NewReplacer("{id}", m.Order, "{document}", f.ID).Replace(filePath)})
	}
	return out
}

func (s *Service) apiList(ctx context.Context, in *idIn) (*listOut, error) {
	by := identity.SubjectOf(ctx)
	d, err := s.Orders.Get(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	list, unread, err := s.Of(ctx, by, d.Order)
	if err != nil {
		return nil, err
	}
	if !party(by, d.Order) { // a program of a side reads without taking the new ones from its people
		if err := s.Read(ctx, by, d.Order, list); err != nil {
			return nil, err
		}
	}
	out := &listOut{}
	out.Body.Items, out.Body.Unread = []messageBody{}, unread
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, bodyOf(m))
	}
	return out, nil
}

type sayIn struct {
	ID   string `path:"id"`
	Body struct {
		Text  string `json:"text,omitempty" example:"样品周三寄出。"`
		Files []struct {
			Name    string `json:"name"`
			Content []byte `json:"content" doc:"base64, at most 20 MB; three files a message"`
		} `json:"files,omitempty"`
	}
}

type messageOut struct{ Body messageBody }

func (s *Service) apiSay(ctx context.Context, in *sayIn) (*messageOut, error) {
	var files []Upload
	for _, f := range in.Body.Files {
		files = append(files, Upload{Name: f.Name, Body: bytes.NewReader(f.Content)})
	}
	m, err := s.Say(ctx, identity.SubjectOf(ctx), in.ID, in.Body.Text, files, web.RequestKey(ctx))
	if err != nil {
		return nil, err
	}
	return &messageOut{bodyOf(m)}, nil
}
