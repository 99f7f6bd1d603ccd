package message

import (
	"context"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/web"
)

type messageJSON struct {
	ID     string      `json:"id"`
	Event  string      `json:"event" doc:"what it is about" example:"order.accepted"`
	Title  string      `json:"title" doc:"in the caller's language"`
	Text   string      `json:"text,omitempty"`
	Link   string      `json:"link,omitempty" doc:"path on this site where the reader can act"`
	At     db.Time     `json:"at"`
	ReadAt db.NullTime `json:"read_at" doc:"null: not read yet"`
}

func (i Item) wire() messageJSON {
	return messageJSON{ID: i.ID, Event: i.Event, Title: i.Title, Text: i.Text, Link: i.Link, At: db.At(i.At), ReadAt: db.NullTime{Time: i.ReadAt}}
}

type messagesInput struct {
	Unread bool   `query:"unread" doc:"only those not read yet"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor string `query:"cursor"`
}

type messagesOutput struct {
	Body struct {
		Items  []messageJSON `json:"items"`
		Unread int           `json:"unread" doc:"not read yet, counted up to 100"`
		Next   string        `json:"next,omitempty" doc:"cursor of the next page"`
	}
}

type readMessageInput struct {
	ID string `path:"id"`
}

type readMessageOutput struct {
	Body messageJSON
}

// API registers the module's calls.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{Method: "GET", Path: "/api/v1/messages", Action: "message.view", Summary: "我的消息，新的在前", Tag: "message", Private: true}, s.apiList)
	web.API(g, web.Op{Method: "POST", Path: "/api/v1/messages/{id}/read", Action: "message.view", Summary: "将一条消息标为已读", Tag: "message", Private: true}, s.apiRead)
}

func (s *Service) apiList(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	by := identity.SubjectOf(ctx)
	items, next, err := s.Inbox(ctx, by, in.Unread, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &messagesOutput{}
	out.Body.Next, out.Body.Items = next, make([]messageJSON, 0, len(items))
	for _, i := range items {
		out.Body.Items = append(out.Body.Items, i.wire())
	}
	out.Body.Unread, err = s.Unread(ctx, by.Person)
	return out, err
}

func (s *Service) apiRead(ctx context.Context, in *readMessageInput) (*readMessageOutput, error) {
	item, err := s.Read(ctx, identity.SubjectOf(ctx), in.ID)
	return &readMessageOutput{Body: item.wire()}, err
}
