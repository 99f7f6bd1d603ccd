package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"

	"qiao/internal/platform/clock"
)

// Options are what a relay is built from.
type Options struct {
	Listen  string   // UDP address, "0.0.0.0:8189"; it is opened with the first connection
	Public  []string // addresses to tell browsers instead of those of this machine's interfaces: behind NAT
	Clock   clock.Clock
	Rooms   int // at most, at once
	Viewers int // of a room, at most
	Each    int // of a room with one Key, at most; 0: as many as there may be
}

// What can be wrong with a connection.
var (
	ErrOffer  = errors.New("relay: the offer cannot be read or asks for what there is not")
	ErrFull   = errors.New("relay: the room has as many viewers as it may")
	ErrMany   = errors.New("relay: one viewer has as many connections as they may")
	ErrRooms  = errors.New("relay: there are as many rooms as there may be")
	ErrSpoken = errors.New("relay: somebody is speaking already")
	ErrClosed = errors.New("relay: closed")
)

// Why a connection ended.
const (
	Left = "left" // its browser said so
	Lost = "lost" // its browser was not heard of any more, or never
)

// The times after which a browser that is not heard of counts as lost.
const (
	untilConnected = 20 * time.Second
	untilDoubted   = 6 * time.Second
	untilLost      = 12 * time.Second
	keepAlive      = 2 * time.Second
)

// Relay is the forwarding unit of one program.
type Relay struct {
	o Options

	mu     sync.Mutex
	api    *webrtc.API
	udp    net.PacketConn
	mux    ice.UDPMux
	rooms  map[string]*room
	conns  map[string]*Conn
	closed bool
	wait   sync.WaitGroup // of connections that are being closed
}

// New makes a relay; no port is opened before somebody comes.
func New(o Options) *Relay {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	return &Relay{o: o, rooms: map[string]*room{}, conns: map[string]*Conn{}}
}

// open opens the port, once; r.mu is held.
func (r *Relay) open(ctx context.Context) error {
	if r.api != nil {
		return nil
	}
	udp, err := (&net.ListenConfig{}).ListenPacket(ctx, "udp", r.o.Listen)
	if err != nil {
		return fmt.Errorf("relay: open the port of live pictures (-media): %w", err)
	}
	if c, ok := udp.(*net.UDPConn); ok {
		_ = c.SetReadBuffer(1 << 20) // as much as the system allows
	}
	s := webrtc.SettingEngine{}
	r.mux = webrtc.NewICEUDPMux(nil, udp)
	s.SetICEUDPMux(r.mux)
	s.SetLite(true) // the browsers look for the way; this program has one address and answers
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetICETimeouts(untilDoubted, untilLost, keepAlive)
	if len(r.o.Public) > 0 {
		if err := s.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{External: r.o.Public, AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteReplace}); err != nil {
			return errors.Join(fmt.Errorf("relay: the public addresses (-media-public): %w", err), udp.Close())
		}
	}
	media, interceptors := &webrtc.MediaEngine{}, &interceptor.Registry{}
	err = errors.Join(codecs(media), webrtc.RegisterDefaultInterceptors(media, interceptors))
	if err != nil {
		return errors.Join(err, udp.Close())
	}
	r.udp = udp
	r.api = webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(s), webrtc.WithInterceptorRegistry(interceptors))
	return nil
}

// codecs are those that every browser has: one for pictures, one for sound, so that nobody needs another.
func codecs(m *webrtc.MediaEngine) error {
	feedback := []webrtc.RTCPFeedback{{Type: "goog-remb"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	return errors.Join(
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: picture(feedback), PayloadType: 96}, webrtc.RTPCodecTypeVideo),
		m.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: sound(), PayloadType: 111}, webrtc.RTPCodecTypeAudio),
	)
}

func picture(feedback []webrtc.RTCPFeedback) webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90_000, RTCPFeedback: feedback}
}

func sound() webrtc.RTPCodecCapability {
	return webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48_000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}
}

// Now is how a room stands.
type Now struct {
	Live     bool   // a picture comes in
	Viewers  int    // who are connected or about to be
	Speaking string // Key of who speaks
}

// Now tells how a room stands.
func (r *Relay) Now(name string) Now {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[name]
	if room == nil {
		return Now{}
	}
	n := Now{Live: room.publisher != nil && room.publisher.flows.Load()}
	n.Viewers, _ = room.viewers("")
	if room.speaker != nil {
		n.Speaking = room.speaker.Key
	}
	return n
}

// Conns are the connections there are.
func (r *Relay) Conns() []*Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*Conn, 0, len(r.conns))
	for _, c := range r.conns {
		out = append(out, c)
	}
	return out
}

// Conn is the connection with this id, or nil.
func (r *Relay) Conn(id string) *Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.conns[id]
}

// Close ends every connection and gives the port back.
func (r *Relay) Close() error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	for _, c := range r.Conns() {
		c.End(Left)
	}
	r.wait.Wait()
	if r.mux == nil {
		return nil
	}
	err := r.mux.Close()
	if e := r.udp.Close(); !errors.Is(e, net.ErrClosed) {
		err = errors.Join(err, e)
	}
	return err
}
