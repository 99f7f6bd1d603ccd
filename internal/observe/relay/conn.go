package relay

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

// part is what a connection does in its room.
type part int

const (
	publish part = iota
	view
	speak
)

// Who is what a connection is known by.
type Who struct {
	ID   string // of the connection, not to be guessed
	Room string
	Key  string // the caller's own: whose it is
}

// Conn is one connection of a browser.
type Conn struct {
	Who

	part  part
	relay *Relay
	room  *room
	pc    *webrtc.PeerConnection
	flows atomic.Bool // something came in
	up    atomic.Bool // it connected
	late  *time.Timer // ends it when it never does
	once  sync.Once
	done  chan struct{}
	why   string
}

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Why it ended; only after Done.
func (c *Conn) Why() string { return c.why }

// Publishes tells whether the picture comes from this connection.
func (c *Conn) Publishes() bool { return c.part == publish }

// Speaks tells whether it is a watcher's voice.
func (c *Conn) Speaks() bool { return c.part == speak }

// End ends the connection, for a reason that is the caller's word; the first call counts.
func (c *Conn) End(why string) {
	c.once.Do(func() {
		c.why = why
		c.relay.forget(c)
		c.late.Stop()
		c.relay.wait.Go(func() {
			defer close(c.done)
			_ = c.pc.GracefulClose() // it is gone either way
		})
	})
}

// forget takes a connection out of its room, and the room away when nobody is in it.
func (r *Relay) forget(c *Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c.ID)
	delete(c.room.conns, c.ID)
	if c.room.publisher == c {
		c.room.publisher = nil
	}
	if c.room.speaker == c {
		c.room.speaker = nil
	}
	if len(c.room.conns) == 0 && r.rooms[c.Room] == c.room {
		delete(r.rooms, c.Room)
	}
}

// Publish lets a browser send the picture of a room; who sent it before is shown out.
func (r *Relay) Publish(ctx context.Context, who Who, offer string) (*Conn, string, error) {
	return r.join(ctx, who, publish, offer, func(c *Conn) error {
		c.pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			c.flows.Store(true)
			if t.Kind() == webrtc.RTPCodecTypeVideo {
				c.room.camera.Store(uint32(t.SSRC()))
				c.room.picture.carry(c, t)
				return
			}
			c.room.sound.carry(c, t)
		})
		return c.send(c.room.voice)
	})
}

// Watch lets a browser receive what a room shows, now or as soon as somebody publishes.
func (r *Relay) Watch(ctx context.Context, who Who, offer string) (*Conn, string, error) {
	return r.join(ctx, who, view, offer, func(c *Conn) error {
		for _, t := range []*track{c.room.picture, c.room.sound, c.room.voice} {
			if err := c.send(t); err != nil {
				return err
			}
		}
		return nil
	})
}

// Speak lets a watcher be heard by everybody in the room; one at a time.
func (r *Relay) Speak(ctx context.Context, who Who, offer string) (*Conn, string, error) {
	return r.join(ctx, who, speak, offer, func(c *Conn) error {
		c.pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
			if t.Kind() == webrtc.RTPCodecTypeAudio {
				c.room.voice.carry(c, t)
			}
		})
		return nil
	})
}

// enter finds or opens the room and reserves a place in it.
func (r *Relay) enter(c *Conn) (replaced *Conn, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	room := r.rooms[c.Room]
	if room == nil {
		if len(r.rooms) >= r.o.Rooms {
			return nil, ErrRooms
		}
		if room, err = newRoom(r.o.Clock); err != nil {
			return nil, err
		}
	}
	switch c.part {
	case publish:
		replaced, room.publisher = room.publisher, c
	case speak:
		if room.speaker != nil {
			return nil, ErrSpoken
		}
		room.speaker = c
	case view:
		all, own := room.viewers(c.Key)
		if all >= r.o.Viewers {
			return nil, ErrFull
		}
		if r.o.Each > 0 && own >= r.o.Each {
			return nil, ErrMany
		}
	}
	c.late = time.AfterFunc(untilConnected, func() {
		if !c.up.Load() {
			c.End(Lost)
		}
	})
	c.room, r.rooms[c.Room], r.conns[c.ID], room.conns[c.ID] = room, room, c, c
	return replaced, nil
}

// join answers an offer.
func (r *Relay) join(ctx context.Context, who Who, p part, offer string, prepare func(*Conn) error) (*Conn, string, error) {
	api, err := r.begin(ctx)
	if err != nil {
		return nil, "", err
	}
	defer r.wait.Done()
	pc, err := api.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, "", fmt.Errorf("relay: make a connection: %w", err)
	}
	c := &Conn{Who: who, part: p, relay: r, pc: pc, done: make(chan struct{})}
	replaced, err := r.enter(c)
	if err != nil {
		return nil, "", errors.Join(err, pc.GracefulClose())
	}
	if replaced != nil {
		replaced.End(Left)
	}
	answer, err := c.answer(ctx, offer, prepare)
	if err != nil {
		c.End(Lost)
		return nil, "", err
	}
	return c, answer, nil
}

// begin opens the port where it is not open and holds the relay until the caller is done.
func (r *Relay) begin(ctx context.Context) (*webrtc.API, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	r.wait.Add(1)
	return r.api, nil
}

func (c *Conn) answer(ctx context.Context, offer string, prepare func(*Conn) error) (string, error) {
	c.pc.OnConnectionStateChange(c.changed)
	if err := prepare(c); err != nil {
		return "", err
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(c.pc)
	answer, err := c.pc.CreateAnswer(nil)
	if err == nil {
		err = c.pc.SetLocalDescription(answer)
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	select {
	case <-gathered:
		return c.pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func (c *Conn) changed(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		c.up.Store(true)
		if c.part == view {
			c.room.refresh()
		}
	case webrtc.PeerConnectionStateFailed:
		c.End(Lost)
	case webrtc.PeerConnectionStateClosed:
		c.End(Left)
	default: // on the way
	}
}
