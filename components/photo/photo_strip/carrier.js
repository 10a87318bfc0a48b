import { carryPhotos } from "./photo_supply.js";

export default carryPhotos;
