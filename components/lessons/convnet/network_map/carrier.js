import { carryPart } from "./parts.js";

export default carryPart;
