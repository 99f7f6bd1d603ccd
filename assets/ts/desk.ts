// The desk has everything of the portal; its own islands are added here.
import "./site";
import "./day-lanes";

if (document.querySelector("live-watch, live-camera")) void import("./live");
