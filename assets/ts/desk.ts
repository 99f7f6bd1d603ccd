// The desk has everything of the portal; its own islands are added here.
import "./site";
