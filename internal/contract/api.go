package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/web"
)

type (
	orderPath struct {
		ID string `path:"id" doc:"Id of the order"`
	}
	offerInput struct {
		ID   string `path:"id" doc:"Id of the order"`
		Body Terms
	}
	contractOutput struct {
		Body struct {
			Number  string          `json:"number"`
			Version int64           `json:"version"`
			Terms   Terms           `json:"terms"`
			Body    string          `json:"body" doc:"The text, in Chinese, in which it holds"`
			SHA256  string          `json:"sha256" doc:"Of the text: what is signed"`
			At      time.Time       `json:"at"`
			Signed  []signatureBody `json:"signed"`
		}
	}
	sealBody struct {
		Keeper    string `json:"keeper" doc:"Who keeps the seals"`
		Binding   bool   `json:"binding" doc:"False: of the reference for demonstrations, which binds nobody"`
		Is        string `json:"is" enum:"good,bad,unknown" doc:"Checked now; unknown: its keeper is not connected any more"`
		Statement string `json:"statement" doc:"What is sealed"`
		Signature string `json:"signature" doc:"Detached, base64"`
		Public    string `json:"public" doc:"Public key or certificate, PEM"`
	}
	signatureBody struct {
		Side string    `json:"side" enum:"buyer,provider"`
		At   time.Time `json:"at"`
		Seal *sealBody `json:"seal,omitempty" doc:"Where it was signed with an electronic seal"`
	}
)

// API registers the JSON calls; signing is a verb of the order.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/orders/{id}/contract", Action: "contract.view", Tag: "order", Private: true, Summary: "订单的合同：最新一版文本和签署情况",
	}, s.apiGet)
	web.API(g, web.Op{
		Method: http.MethodPost, Path: "/api/v1/orders/{id}/contract", Action: "contract.offer", Tag: "order", Private: true, Status: http.StatusCreated, Summary: "选择条款形成新的一版合同文本，已有的签名作废",
	}, s.apiOffer)
}

func (s *Service) apiGet(ctx context.Context, in *orderPath) (*contractOutput, error) {
	by := identity.SubjectOf(ctx)
	f, err := s.Facts(ctx, by, in.ID)
	if err != nil {
		return nil, err
	}
	if err := s.Policy.Can(by, "contract.view", object(f.Buyer, f.Provider, f.Region)); err != nil {
		return nil, err
	}
	return s.answer(ctx, in.ID)
}

func (s *Service) apiOffer(ctx context.Context, in *offerInput) (*contractOutput, error) {
	if _, err := s.Offer(ctx, identity.SubjectOf(ctx), in.ID, in.Body); err != nil {
		return nil, err
	}
	return s.answer(ctx, in.ID)
}

func (s *Service) answer(ctx context.Context, order string) (*contractOutput, error) {
	c, signed, there, err := s.Latest(ctx, s.DB, order)
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fault.New(fault.NotFound, "no-contract", "这个订单还没有合同文本。")
	}
	out := &contractOutput{}
	out.Body.Number, out.Body.Version, out.Body.Body, out.Body.SHA256, out.Body.At = c.Number, c.Version, c.Body, c.SHA256, c.At.Time
	if err := json.Unmarshal([]byte(c.Terms), &out.Body.Terms); err != nil {
		return nil, fmt.Errorf("read the terms: %w", err)
	}
	seals, err := s.sealsOf(ctx, s.DB, c)
	if err != nil {
		return nil, err
	}
	out.Body.Signed = make([]signatureBody, len(signed))
	for i, x := range signed {
		out.Body.Signed[i] = signatureBody{Side: x.Side, At: x.At.Time}
		if e, there := seals[x.Side]; there {
			out.Body.Signed[i].Seal = &sealBody{e.Keeper, e.Binding, e.Is, e.Statement, e.Signature, e.Public}
		}
	}
	return out, nil
}
